namespace CioOrleans.Imports;

/// <summary>The progress of an import.</summary>
/// <param name="StartedAt">When its first report arrived (UTC).</param>
/// <param name="Rows">The number of people in the import; null if no source knows it.</param>
/// <param name="Counts">The counts over all sources.</param>
/// <param name="Waiting">Accepted calls that have not ended.</param>
/// <param name="Rate">Recent rate of calls that end, per second; 0 until it can be measured.</param>
/// <param name="ExpectedEnd">When the last call should end (UTC) at the present rate; null until the rate is known, while no call ends, and after the last
/// call.</param>
/// <param name="QuietFor">The time since a call last ended.</param>
[GenerateSerializer, Immutable, Alias("cio.ImportStatus")]
public sealed record ImportStatus(
    [property: Id(0)] DateTimeOffset StartedAt,
    [property: Id(1)] long? Rows,
    [property: Id(2)] ImportCounts Counts,
    [property: Id(3)] long Waiting,
    [property: Id(4)] double Rate,
    [property: Id(5)] DateTimeOffset? ExpectedEnd,
    [property: Id(6)] TimeSpan QuietFor)
{
    /// <summary>If no call has ended for this time, the import is not held back: 5 s.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
}

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

/// <summary>An import of a workspace.</summary>
public readonly record struct ImportAddress(string Workspace, Ulid Import)
{
    /// <summary>Callers choose the ids of imports, and a ULID's hash code has no seed. A string's hash code has one.</summary>
    public override int GetHashCode() => string.GetHashCode(Import.ToString(), StringComparison.Ordinal);
}
