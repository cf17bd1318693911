using CioOrleans.Limits;

namespace CioOrleans.Attempts;

/// <summary>The outcome of one request that carried the heads of several customers' queues.</summary>
/// <param name="Items">One outcome for each customer, in the order of the batch. Times and rate limit signals are not in the items but in this record.</param>
/// <param name="WasSent">Whether anything may have been written to the network.</param>
/// <param name="SinceResponse">The time since the end of the request, as of the moment this record was sent: see
/// <see cref="DeliveryOutcome.SinceResponse"/>.</param>
/// <param name="SinceSent">The time since the request was written; zero if that is unknown.</param>
/// <param name="Signal">What the response said about the limit.</param>
[GenerateSerializer, Immutable, Alias("cio.BatchOutcome")]
public sealed record BatchOutcome(
    [property: Id(0)] IReadOnlyList<DeliveryOutcome> Items,
    [property: Id(1)] bool WasSent,
    [property: Id(2)] TimeSpan SinceResponse,
    [property: Id(3)] TimeSpan SinceSent,
    [property: Id(4)] RateLimitSignal Signal);
