namespace CioOrleans.Operating;

/// <summary>The queues of a workspace that an operator may want to look at.</summary>
/// <param name="Longest">Those with the most waiting calls, the longest first; at most <see cref="Size"/>.</param>
/// <param name="Oldest">Those whose first call has waited longest, the oldest first; at most <see cref="Size"/>.</param>
/// <param name="IsOldestComplete">False if the first <see cref="Searched"/> waiting calls belong to fewer than <see cref="Size"/> customers, and further calls wait.</param>
/// <param name="At">When the queues were counted (UTC).</param>
/// <param name="Took">How long counting took.</param>
[GenerateSerializer, Immutable, Alias("cio.QueueList")]
public sealed record QueueList(
    [property: Id(0)] IReadOnlyList<QueueSummary> Longest,
    [property: Id(1)] IReadOnlyList<QueueSummary> Oldest,
    [property: Id(2)] bool IsOldestComplete,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] TimeSpan Took)
{
    /// <summary>The number of queues in a list: 50.</summary>
    public const int Size = 50;

    /// <summary>How many waiting calls are searched for the oldest queues: 50,000.</summary>
    public const int Searched = 50_000;
}

/// <summary>One customer's queue.</summary>
/// <param name="Customer">The ordering key.</param>
/// <param name="Calls">Waiting calls, with those in flight.</param>
/// <param name="FirstAcceptedAt">When the first of them was accepted (UTC); null if it has left meanwhile.</param>
[GenerateSerializer, Immutable, Alias("cio.QueueSummary")]
public sealed record QueueSummary([property: Id(0)] string Customer, [property: Id(1)] long Calls, [property: Id(2)] DateTimeOffset? FirstAcceptedAt);
