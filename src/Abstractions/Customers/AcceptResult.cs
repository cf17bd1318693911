namespace CioOrleans.Customers;

/// <summary>What became of a call that was offered for delivery.</summary>
[GenerateSerializer, Immutable, Alias("cio.AcceptResult")]
public abstract record AcceptResult
{
    private AcceptResult()
    {
    }

    /// <summary>The call is on stable storage and will be delivered or stand as a dead letter.</summary>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Accepted")]
    public sealed record Accepted : AcceptResult
    {
        public static Accepted Instance { get; } = new();
    }

    /// <summary>Nothing was stored; the caller should try again.</summary>
    /// <param name="Reason">For the caller, without payload.</param>
    /// <param name="RetryAfter">When a repeat may succeed; more than zero.</param>
    [GenerateSerializer, Immutable, Alias("cio.AcceptResult.Unavailable")]
    public sealed record Unavailable([property: Id(0)] string Reason, [property: Id(1)] TimeSpan RetryAfter) : AcceptResult;
}
