namespace CioOrleans.History;

/// <summary>When one request was under way, and under which permit. Times are microseconds since 1970 on the lease clock, rounded outward.</summary>
/// <param name="Epoch">See <see cref="HistoryRow.Epoch"/>.</param>
/// <param name="Permit">See <see cref="HistoryRow.Permit"/>.</param>
/// <param name="Sent">See <see cref="HistoryRow.Sent"/>.</param>
/// <param name="Ended">See <see cref="HistoryRow.Ended"/>.</param>
/// <param name="Precision">See <see cref="HistoryRow.Precision"/>.</param>
[GenerateSerializer, Immutable, Alias("cio.AttemptTrace")]
public sealed record AttemptTrace(
    [property: Id(0)] long Epoch, [property: Id(1)] long Permit, [property: Id(2)] long? Sent, [property: Id(3)] long Ended, [property: Id(4)] long Precision);
