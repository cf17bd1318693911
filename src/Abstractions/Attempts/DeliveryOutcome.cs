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

    /// <summary>Whether the request is recorded in the history, or is not to be. False from a version without history: then the owner records it.</summary>
    [Id(4)]
    public bool IsRecorded { get; init; }

    /// <summary>
    /// Whether a row of the history is stored that tells when the request was under way. False from a version without this member, from a silo that does not
    /// keep all attempts, and while the row waits in that silo's memory. Then an owner that keeps all attempts records the permit itself.
    /// </summary>
    [Id(5)]
    public bool IsKept { get; init; }

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

/// <summary>Why a permit was returned without a request. The numbers cross the wire: never renumber.</summary>
public enum UnusedReason : byte
{
    /// <summary>The queue is empty.</summary>
    NothingToSend = 0,

    /// <summary>The head's limit class is not the one that the workspace knew.</summary>
    ClassChanged = 1,

    /// <summary>The head is a merge or a merge's barrier, and the other person's queue has not reached it yet.</summary>
    WaitsForMerge = 2,

    /// <summary>The permit ended before the request could be written.</summary>
    PermitExpired = 3,

    /// <summary>The outbox cannot be read or written now.</summary>
    OutboxUnavailable = 4,

    /// <summary>Customer.io refused the batch as a whole without naming the wrong call. The call is sent alone next.</summary>
    GoesAlone = 5,

    /// <summary>The batch had no room for the call.</summary>
    DidNotFit = 6,

    /// <summary>The customer's silo is stopping; its grain moves to another silo.</summary>
    SiloStopping = 7,

    /// <summary>The head can never be written as a request. It is a dead letter now.</summary>
    Unsendable = 8,

    /// <summary>The head ended without an attempt, or another call is the head than the one that the workspace meant.</summary>
    HeadEnded = 9,

    /// <summary>A dead letter holds the queue.</summary>
    Held = 10,
}

/// <summary>How an attempt failed whose repeat may succeed. The numbers cross the wire: never renumber.</summary>
public enum FailureKind : byte
{
    /// <summary>A 5xx, 408 or 425.</summary>
    ServerError = 0,

    /// <summary>No response within the attempt time-out. Customer.io may have received the request.</summary>
    TimedOut = 1,

    /// <summary>The connection broke after the first byte was written. Customer.io may have received the request.</summary>
    ConnectionLost = 2,

    /// <summary>No connection could be made. The request was certainly not sent.</summary>
    Unreachable = 3,

    /// <summary>The circuit breaker of this silo is open: the request was not sent.</summary>
    BreakerOpen = 4,
}
