using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>What became of one request that carried the heads of several customers' queues.</summary>
/// <param name="Items">One a customer, in the order of the batch; what they say of times and limits is said here, once for all.</param>
/// <param name="WasSent">Whether anything may have been written to the network.</param>
/// <param name="SinceResponse">How long ago, when this left, the request had ended: see <see cref="DeliveryOutcome.SinceResponse"/>.</param>
/// <param name="SinceSent">How long ago the request had been written; zero where that is not known.</param>
/// <param name="Signal">What the response said about the limit.</param>
[GenerateSerializer, Immutable, Alias("cio.BatchOutcome")]
public sealed record BatchOutcome(
    [property: Id(0)] IReadOnlyList<DeliveryOutcome> Items,
    [property: Id(1)] bool WasSent,
    [property: Id(2)] TimeSpan SinceResponse,
    [property: Id(3)] TimeSpan SinceSent,
    [property: Id(4)] RateLimitSignal Signal);
