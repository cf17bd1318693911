namespace CioOrleans.Testing.Cluster;

/// <summary>Something that happens to a cluster.</summary>
/// <param name="Name">For the reader of a run.</param>
/// <param name="Repeats">How many requests may be sent again because of it.</param>
/// <param name="HappenAsync">Does it, and returns when it is over; what it ended stays ended.</param>
public sealed record Fault(string Name, int Repeats, Func<Task> HappenAsync);
