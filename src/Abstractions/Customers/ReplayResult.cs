namespace CioOrleans.Customers;

/// <summary>The result of a replay.</summary>
[GenerateSerializer, Immutable, Alias("cio.ReplayResult")]
public abstract record ReplayResult
{
    private ReplayResult()
    {
    }

    /// <summary>The call is at the end of its customer's queue and is no longer a dead letter.</summary>
    [GenerateSerializer, Immutable, Alias("cio.ReplayResult.Replayed")]
    public sealed record Replayed : ReplayResult
    {
        public static Replayed Instance { get; } = new();
    }

    /// <summary>There is no such dead letter.</summary>
    [GenerateSerializer, Immutable, Alias("cio.ReplayResult.Absent")]
    public sealed record Absent : ReplayResult
    {
        public static Absent Instance { get; } = new();
    }

    /// <summary>The call is not known to have been replayed. The operator should try again.</summary>
    /// <param name="Reason">For the operator, without payload.</param>
    /// <param name="RetryAfter">When a repeat may succeed; more than zero.</param>
    [GenerateSerializer, Immutable, Alias("cio.ReplayResult.Unavailable")]
    public sealed record Unavailable([property: Id(0)] string Reason, [property: Id(1)] TimeSpan RetryAfter) : ReplayResult
    {
        /// <summary>The storage cannot be read, so the dead letter may exist.</summary>
        public static Unavailable NotReadable { get; } = new("The dead letters cannot be read at the moment. Try again.", TimeSpan.FromSeconds(1));
    }
}
