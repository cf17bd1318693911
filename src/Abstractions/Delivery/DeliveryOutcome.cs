using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>What became of a permit.</summary>
[GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome")]
public abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>How long ago, when the outcome was handed back, the request had ended: its response arrived, or a packet life had passed since its connection was reset. Never longer than in truth.</summary>
    [Id(0)]
    public TimeSpan SinceResponse { get; init; }

    /// <summary>What the response said about the limit.</summary>
    [Id(1)]
    public RateLimitSignal Signal { get; init; } = RateLimitSignal.None;

    /// <summary>How long ago the request was written to the network; zero where it was not, or that is unknown. Never longer than in truth.</summary>
    [Id(2)]
    public TimeSpan SinceSent { get; init; }

    /// <summary>The activation of the customer's grain that reports, where it knows its queue as it stands in the outbox; otherwise empty.</summary>
    [Id(3)]
    public Guid Activation { get; init; }

    /// <summary>Customer.io took the call, and its completion is stored.</summary>
    /// <param name="Next">The head behind it.</param>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Delivered")]
    public sealed record Delivered([property: Id(0)] HeadState Next) : DeliveryOutcome;

    /// <summary>Customer.io refused the call for good (a final 4xx); it is stored as a dead letter.</summary>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Rejected")]
    public sealed record Rejected([property: Id(0)] int Status, [property: Id(1)] HeadState Next) : DeliveryOutcome;

    /// <summary>The attempt failed in a way that a repeat may cure; the head stays until the workspace settles it.</summary>
    /// <param name="Kind">How it failed.</param>
    /// <param name="Sequence">The head's sequence, to be named when it is settled.</param>
    /// <param name="Attempts">Attempts counted against the head before this one.</param>
    /// <param name="Reason">For people: status or error, without payload and credentials.</param>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Failed")]
    public sealed record Failed(
        [property: Id(0)] FailureKind Kind,
        [property: Id(1)] long Sequence,
        [property: Id(2)] int Attempts,
        [property: Id(3)] string Reason) : DeliveryOutcome;

    /// <summary>
    /// Whether a send was carried out is unknown, and it is stored as a dead letter: a repeat would be a second message. It is evidence of an outage
    /// as a failure is, and nothing is charged to the call behind it.
    /// </summary>
    /// <param name="Kind">How the attempt failed.</param>
    /// <param name="Reason">For people: status or error, without payload and credentials.</param>
    /// <param name="Next">The head behind it.</param>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Unknown")]
    public sealed record Unknown([property: Id(0)] FailureKind Kind, [property: Id(1)] string Reason, [property: Id(2)] HeadState Next) : DeliveryOutcome;

    /// <summary>429: the call costs no attempt, its limit group stops for a while.</summary>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Throttled")]
    public sealed record Throttled : DeliveryOutcome;

    /// <summary>401, 403 or a redirect: the workspace's settings are wrong. The call costs no attempt, the workspace pauses.</summary>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Misconfigured")]
    public sealed record Misconfigured([property: Id(0)] int Status, [property: Id(1)] string Reason) : DeliveryOutcome;

    /// <summary>Nothing was written to the network; the permit's tokens are free again at once.</summary>
    /// <param name="Why">Why it was not used.</param>
    /// <param name="Next">The head as it really is.</param>
    [GenerateSerializer, Immutable, Alias("cio.DeliveryOutcome.Unused")]
    public sealed record Unused([property: Id(0)] UnusedReason Why, [property: Id(1)] HeadState Next) : DeliveryOutcome;
}
