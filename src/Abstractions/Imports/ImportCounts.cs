namespace CioOrleans.Imports;

/// <summary>The counts of an import, from one source or from all. They only grow, except that a replay lowers <paramref name="DeadLetters"/>.</summary>
/// <param name="Accepted">People that were accepted.</param>
/// <param name="Refused">People that were refused because their data is wrong.</param>
/// <param name="Calls">Stored calls: one for each person, two with an event.</param>
/// <param name="Delivered">Delivered calls.</param>
/// <param name="DeadLetters">Calls that became dead letters.</param>
/// <param name="Discarded">Calls that an operator discarded while they waited.</param>
[GenerateSerializer, Immutable, Alias("cio.ImportCounts")]
public readonly record struct ImportCounts(
    [property: Id(0)] long Accepted,
    [property: Id(1)] long Refused,
    [property: Id(2)] long Calls,
    [property: Id(3)] long Delivered,
    [property: Id(4)] long DeadLetters,
    [property: Id(5)] long Discarded = 0)
{
    /// <summary>Calls that have ended.</summary>
    public long Settled() => Delivered + DeadLetters + Discarded;

    public static ImportCounts operator +(ImportCounts one, ImportCounts other) => one.Add(other);

    public ImportCounts Add(ImportCounts other) => new(
        Accepted + other.Accepted, Refused + other.Refused, Calls + other.Calls, Delivered + other.Delivered, DeadLetters + other.DeadLetters, Discarded + other.Discarded);
}
