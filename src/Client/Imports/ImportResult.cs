namespace CioOrleans.Client.Imports;

/// <summary>The result for one person of an import.</summary>
/// <param name="Row">The person's number, from 1.</param>
public abstract record ImportResult(long Row)
{
    /// <summary>The person's calls are on stable storage; they will be delivered or become dead letters.</summary>
    public sealed record Accepted(long Row) : ImportResult(Row);

    /// <summary>The person's data is wrong, and Customer.io would always refuse it.</summary>
    /// <param name="Row">The person's number, from 1.</param>
    /// <param name="Error">What is wrong, and how to fix it.</param>
    public sealed record Invalid(long Row, string Error) : ImportResult(Row);

    /// <summary>A call could not be stored within the time limit. No later row is accepted; continue from this row later.</summary>
    /// <param name="Row">The person's number, from 1.</param>
    /// <param name="Reason">Why the call could not be stored.</param>
    /// <param name="RetryAfter">The time after which a repeat may succeed.</param>
    public sealed record Unavailable(long Row, string Reason, TimeSpan RetryAfter) : ImportResult(Row);
}
