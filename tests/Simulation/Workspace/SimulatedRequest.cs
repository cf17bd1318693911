namespace CioOrleans.Simulation;

/// <summary>A request from its grant to its end, and under whom it was granted.</summary>
/// <param name="deadline">It does not arrive after this.</param>
/// <param name="owner">Which owner granted it: a later one hears nothing of it.</param>
/// <param name="process">Which process sends it: once that has died, nothing more is stored about it.</param>
internal sealed class SimulatedRequest(TimeSpan deadline, int owner, int process)
{
    public TimeSpan Deadline => deadline;

    public int Owner => owner;

    public int Process => process;

    public TimeSpan GrantedAt { get; init; }

    /// <summary>The grouping of limits under which it was granted: <see cref="Receiver.Era"/>.</summary>
    public int Era { get; init; }

    public TimeSpan SentAt { get; set; }

    /// <summary>The number of the permit, in the order of grants.</summary>
    public required long Permit { get; init; }

    /// <summary>As <see cref="Attempts.Permit.IsOlderThan"/>: an owner is an epoch.</summary>
    public bool IsOlderThan(SimulatedRequest other) => owner < other.Owner || (owner == other.Owner && GrantedAt < other.GrantedAt);

    /// <summary>Whether it carries the heads of several customers. Its customers' grains are free meanwhile; a single customer's grain is not.</summary>
    public bool IsBatch { get; init; }

    /// <summary>The latest begin of a request that a leaving silo passed on; null if it was not passed on. The owner gets no report of a request that was passed on.</summary>
    public TimeSpan? PassedOnUntil { get; init; }
}
