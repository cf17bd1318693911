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
