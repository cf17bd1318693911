namespace CioOrleans.BackPressure;

/// <summary>How full a workspace is, as measured a few seconds ago at most, or longer where very many calls have to be counted.</summary>
/// <param name="Queued">Calls that wait.</param>
/// <param name="OldestFor">How long the oldest has waited; null where none waits, or that is not known.</param>
/// <param name="FreeDisk">Bytes free where calls are stored; null where that is not known.</param>
/// <param name="DeliveredPerSecond">Calls delivered a second lately.</param>
[GenerateSerializer, Immutable, Alias("cio.WorkspacePressure")]
public sealed record WorkspacePressure(
    [property: Id(0)] long Queued,
    [property: Id(1)] TimeSpan? OldestFor,
    [property: Id(2)] long? FreeDisk,
    [property: Id(3)] double DeliveredPerSecond);
