using CioOrleans.Calls;
using CioOrleans.History;
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
    [property: Id(4)] RateLimitSignal Signal)
{
    /// <summary>See <see cref="DeliveryOutcome.IsRecorded"/>: whether the calls of the batch were told when it was under way.</summary>
    [Id(5)]
    public bool IsRecorded { get; init; }

    /// <summary>See <see cref="DeliveryOutcome.IsKept"/>: whether it holds for one of the calls of the batch.</summary>
    [Id(6)]
    public bool IsKept { get; init; }
}

/// <summary>The result of one operation of a batch.</summary>
[GenerateSerializer, Immutable, Alias("cio.BatchItemResult")]
public abstract record BatchItemResult
{
    private BatchItemResult()
    {
    }

    /// <summary>When the request was under way, for the history; null from a version without history.</summary>
    [Id(0)]
    public AttemptTrace? Trace { get; init; }

    /// <summary>The span of the request as a W3C trace context; null if it is not sampled, or from a version without traces.</summary>
    [Id(1)]
    public string? TraceParent { get; init; }

    /// <summary>Customer.io answered the whole request or this operation.</summary>
    /// <param name="Status">The status of this operation. An item that a 207 lists as an error has the status of an error.</param>
    /// <param name="Error">The error that the response gave for this operation; null on success.</param>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Answered")]
    public sealed record Answered([property: Id(0)] int Status, [property: Id(1)] string? Error) : BatchItemResult;

    /// <summary>No response came.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Unanswered")]
    public sealed record Unanswered([property: Id(0)] FailureKind Kind, [property: Id(1)] string Reason) : BatchItemResult;

    /// <summary>The batch did not decide this operation. It may be sent again.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchItemResult.Undecided")]
    public sealed record Undecided([property: Id(0)] UnusedReason Why) : BatchItemResult;
}

/// <summary>A customer's answer when a batch asks for the head of its queue.</summary>
[GenerateSerializer, Immutable, Alias("cio.BatchOffer")]
public abstract record BatchOffer
{
    private BatchOffer()
    {
    }

    /// <summary>The head. It stays in the queue until the batch has ended.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchOffer.Head")]
    public sealed record Head([property: Id(0)] long Sequence, [property: Id(1)] Call Call) : BatchOffer;

    /// <summary>The customer has no call for the batch.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchOffer.Nothing")]
    public sealed record Nothing([property: Id(0)] DeliveryOutcome.Unused Why) : BatchOffer;
}
