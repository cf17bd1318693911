namespace CioOrleans.Importing;

/// <summary>What has become of an import, as far as whoever counts has seen it. All counts only grow, but for dead letters that are replayed.</summary>
/// <param name="Accepted">People that were taken.</param>
/// <param name="Refused">People that were not, because of what was wrong with them.</param>
/// <param name="Calls">Calls that were stored: one a person, two with an event.</param>
/// <param name="Delivered">Calls that Customer.io took.</param>
/// <param name="DeadLetters">Calls that were given up.</param>
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
    /// <summary>Calls that nothing more happens to.</summary>
    public long Settled() => Delivered + DeadLetters + Discarded;

    public static ImportCounts operator +(ImportCounts one, ImportCounts other) => one.Add(other);

    public ImportCounts Add(ImportCounts other) => new(
        Accepted + other.Accepted, Refused + other.Refused, Calls + other.Calls, Delivered + other.Delivered, DeadLetters + other.DeadLetters, Discarded + other.Discarded);
}
