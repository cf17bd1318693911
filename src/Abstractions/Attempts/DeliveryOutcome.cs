using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Attempts;

/// <summary>The outcome of a permit.</summary>
[GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome")]
public abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>
    /// The time since the end of the request, as of the moment this outcome was returned. A request ends when its response arrives, or a packet life after its
    /// connection was reset. Never longer than the true time.
    /// </summary>
    [Id(0)]
    public TimeSpan SinceResponse { get; init; }

    /// <summary>What the response said about the limit.</summary>
    [Id(1)]
    public RateLimitSignal Signal { get; init; } = RateLimitSignal.None;

    /// <summary>
    /// The time since the request was written to the network; zero if it was not written or that is unknown. Never longer than the true time.
    /// </summary>
    [Id(2)]
    public TimeSpan SinceSent { get; init; }

    /// <summary>The activation of the customer's grain that reports the outcome, if its memory agrees with the outbox; otherwise empty.</summary>
    [Id(3)]
    public Guid Activation { get; init; }

    /// <summary>Customer.io accepted the call, and the end of the call is stored.</summary>
    /// <param name="Next">The next head.</param>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Delivered")]
    public sealed record Delivered([property: Id(0)] HeadState Next) : DeliveryOutcome;

    /// <summary>Customer.io refused the call for good (a final 4xx); it is stored as a dead letter.</summary>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Rejected")]
    public sealed record Rejected([property: Id(0)] int Status, [property: Id(1)] HeadState Next) : DeliveryOutcome;

    /// <summary>The attempt failed, and a repeat may succeed. The head stays until the workspace postpones it or makes a dead letter of it.</summary>
    /// <param name="Kind">How it failed.</param>
    /// <param name="Sequence">The head's sequence, which the workspace names when it decides.</param>
    /// <param name="Attempts">Attempts counted against the head before this one.</param>
    /// <param name="Reason">For people: status or error, without payload and credentials.</param>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Failed")]
    public sealed record Failed(
        [property: Id(0)] FailureKind Kind,
        [property: Id(1)] long Sequence,
        [property: Id(2)] int Attempts,
        [property: Id(3)] string Reason) : DeliveryOutcome;

    /// <summary>
    /// The outcome of a send is unknown, and the send is stored as a dead letter, because a repeat could be a second message. The outage detector counts it
    /// like a failure. The next call is not charged with an attempt.
    /// </summary>
    /// <param name="Kind">How the attempt failed.</param>
    /// <param name="Reason">For people: status or error, without payload and credentials.</param>
    /// <param name="Next">The next head.</param>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Unknown")]
    public sealed record Unknown([property: Id(0)] FailureKind Kind, [property: Id(1)] string Reason, [property: Id(2)] HeadState Next) : DeliveryOutcome;

    /// <summary>429. The call is not charged with an attempt; its limit group pauses.</summary>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Throttled")]
    public sealed record Throttled : DeliveryOutcome;

    /// <summary>
    /// 401, 403 or a redirect: the workspace's settings are wrong. The call is not charged with an attempt; only probes are sent to the host.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Misconfigured")]
    public sealed record Misconfigured([property: Id(0)] int Status, [property: Id(1)] string Reason) : DeliveryOutcome;

    /// <summary>Nothing was written to the network. The permit's tokens can be used again at once.</summary>
    /// <param name="Why">Why the permit was not used.</param>
    /// <param name="Next">The head as the customer's grain knows it.</param>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Unused")]
    public sealed record Unused([property: Id(0)] UnusedReason Why, [property: Id(1)] HeadState Next) : DeliveryOutcome;
}
