namespace CioOrleans.Discarding;

/// <summary>What became of the calls that an operator wanted to discard.</summary>
/// <param name="Matched">Calls that were meant.</param>
/// <param name="Discarded">Of these: removed from the queue, and never sent. 0 in a preview.</param>
/// <param name="InFlight">Of these: being sent at this moment. They stay, and end as their attempt does.</param>
/// <param name="Barriers">Barriers of merges that stay: a barrier goes with its merge, which stands in the other person's queue.</param>
/// <param name="Next">From behind which sequence the same wish goes on; null once the whole queue was looked at.</param>
/// <param name="Problem">Why it is not complete, where storage was away; null otherwise.</param>
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

    /// <summary>Two parts of one wish together, this one first.</summary>
    public DiscardResult Add(DiscardResult then) => new(
        Matched + then.Matched, Discarded + then.Discarded, InFlight + then.InFlight, Barriers + then.Barriers, then.Next, then.Problem);
}

/// <summary>How many calls of one customer are meant by a <see cref="CallFilter"/>.</summary>
[GenerateSerializer, Immutable, Alias("cio.CustomerMatches")]
public readonly record struct CustomerMatches([property: Id(0)] string Customer, [property: Id(1)] long Count);

/// <summary>The customers with waiting calls that a <see cref="CallFilter"/> means, in a stretch of all waiting calls.</summary>
/// <param name="Customers">Each customer once; in a later page it may stand again, with other calls.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.MatchPage")]
public sealed record MatchPage([property: Id(0)] IReadOnlyList<CustomerMatches> Customers, [property: Id(1)] long? Next);
