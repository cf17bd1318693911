namespace CioOrleans.BackPressure;

/// <summary>How full a workspace is. The measurement is a few seconds old at most, or older if very many calls have to be counted.</summary>
/// <param name="Queued">Waiting calls.</param>
/// <param name="OldestFor">How long the oldest call has waited; null if no call waits, or that is not known.</param>
/// <param name="FreeDisk">Free bytes where calls are stored; null if that is not known.</param>
/// <param name="DeliveredPerSecond">Recent rate of delivered calls, per second.</param>
[GenerateSerializer, Immutable, Alias("cio.WorkspacePressure")]
public sealed record WorkspacePressure(
    [property: Id(0)] long Queued,
    [property: Id(1)] TimeSpan? OldestFor,
    [property: Id(2)] long? FreeDisk,
    [property: Id(3)] double DeliveredPerSecond);
