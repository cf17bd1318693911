namespace CioOrleans.Importing;

/// <summary>How far an import has come.</summary>
/// <param name="StartedAt">When it was first heard of (UTC).</param>
/// <param name="Rows">How many people there are in all; null where nobody has said.</param>
/// <param name="Counts">What has become of them.</param>
/// <param name="Waiting">Calls that are accepted and not settled.</param>
/// <param name="Rate">Calls settled a second lately; 0 before that can be told.</param>
/// <param name="ExpectedEnd">When the last call should be settled (UTC), at the present rate; null before the rate can be told, while nothing moves, and at the end.</param>
/// <param name="QuietFor">How long no call has been settled.</param>
[GenerateSerializer, Immutable, Alias("cio.ImportStatus")]
public sealed record ImportStatus(
    [property: Id(0)] DateTimeOffset StartedAt,
    [property: Id(1)] long? Rows,
    [property: Id(2)] ImportCounts Counts,
    [property: Id(3)] long Waiting,
    [property: Id(4)] double Rate,
    [property: Id(5)] DateTimeOffset? ExpectedEnd,
    [property: Id(6)] TimeSpan QuietFor);
