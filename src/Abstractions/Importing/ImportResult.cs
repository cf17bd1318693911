namespace CioOrleans.Importing;

/// <summary>What became of one person of an import.</summary>
/// <param name="Row">Its place, from 1.</param>
public abstract record ImportResult(long Row)
{
    /// <summary>On stable storage; it will be delivered or stand as a dead letter.</summary>
    public sealed record Accepted(long Row) : ImportResult(Row);

    /// <summary>Customer.io would refuse it for ever.</summary>
    /// <param name="Row">Its place, from 1.</param>
    /// <param name="Error">What is wrong, and what to do.</param>
    public sealed record Invalid(long Row, string Error) : ImportResult(Row);

    /// <summary>It could not be stored, though it was tried for a while. Nothing behind it is taken: go on from here later.</summary>
    /// <param name="Row">Its place, from 1.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="RetryAfter">When a repeat may succeed.</param>
    public sealed record Unavailable(long Row, string Reason, TimeSpan RetryAfter) : ImportResult(Row);
}
