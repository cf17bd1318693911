namespace CioOrleans.Simulation;

/// <summary>A request from its grant to its end, and under whom it was granted.</summary>
/// <param name="Deadline">It does not arrive after this.</param>
/// <param name="Owner">Which owner granted it: a later one hears nothing of it.</param>
/// <param name="Process">Which process sends it: once that has died, nothing more is stored about it.</param>
internal sealed record SimulatedRequest(TimeSpan Deadline, int Owner, int Process)
{
    public TimeSpan SentAt { get; set; }
}
