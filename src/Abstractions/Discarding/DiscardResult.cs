namespace CioOrleans.Discarding;

/// <summary>The result of discarding calls, or of a preview.</summary>
/// <param name="Matched">Calls that the filter selected.</param>
/// <param name="Discarded">Matched calls that were removed from the queue and never sent. 0 in a preview.</param>
/// <param name="InFlight">Matched calls that are being sent now. They are not discarded.</param>
/// <param name="Barriers">Barriers of merges that stay: a barrier is removed with its merge, which is in the other person's queue.</param>
/// <param name="Next">The sequence after which the next part of the queue begins; null once the whole queue was searched.</param>
/// <param name="Problem">Why the result is incomplete, if storage failed; otherwise null.</param>
[GenerateSerializer, Immutable, Alias("cio.DiscardResult")]
public sealed record DiscardResult(
    [property: Id(0)] long Matched,
    [property: Id(1)] long Discarded,
    [property: Id(2)] long InFlight,
    [property: Id(3)] long Barriers,
    [property: Id(4)] long? Next,
    [property: Id(5)] string? Problem = null)
{
    public static DiscardResult Nothing { get; } = new(0, 0, 0, 0, Next: null);

    /// <summary>The sum of two parts; <paramref name="then"/> is the later one.</summary>
    public DiscardResult Add(DiscardResult then) => new(
        Matched + then.Matched, Discarded + then.Discarded, InFlight + then.InFlight, Barriers + then.Barriers, then.Next, then.Problem);
}

/// <summary>How many calls of one customer a <see cref="CallFilter"/> selects.</summary>
[GenerateSerializer, Immutable, Alias("cio.CustomerMatches")]
public readonly record struct CustomerMatches([property: Id(0)] string Customer, [property: Id(1)] long Count);

/// <summary>The customers whose waiting calls a <see cref="CallFilter"/> selects, in one part of all waiting calls.</summary>
/// <param name="Customers">Each customer once. A later page may hold the same customer again, with other calls.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.MatchPage")]
public sealed record MatchPage([property: Id(0)] IReadOnlyList<CustomerMatches> Customers, [property: Id(1)] long? Next);
