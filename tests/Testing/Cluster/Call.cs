namespace CioOrleans.Testing.Cluster;

/// <summary>What a call of a <see cref="Load"/> is.</summary>
public enum LoadKind
{
    /// <summary>An event of Track v1.</summary>
    Event,

    /// <summary>An identify of Track v1.</summary>
    Identify,

    /// <summary>The deletion of a person or of a device, without a body.</summary>
    Delete,

    /// <summary>One operation of Track v2.</summary>
    Operation,

    /// <summary>A batch of Track v2 with operations of two people.</summary>
    Batch,

    /// <summary>A merge of two people, both of whom have other calls.</summary>
    Merge,

    /// <summary>One call of the Pipelines API.</summary>
    Pipelines,

    /// <summary>A batch of the Pipelines API with calls of two people.</summary>
    PipelinesBatch,

    /// <summary>A line of an import.</summary>
    Import,

    /// <summary>An event that Customer.io refuses when it first comes: it becomes a dead letter, and is replayed.</summary>
    DeadLetter,

    /// <summary>A stored message without order.</summary>
    StoredSend,

    /// <summary>A stored message in a person's queue.</summary>
    OrderedSend,

    /// <summary>A message under an <c>Idempotency-Key</c>, repeated until its answer is final.</summary>
    KeyedSend,

    /// <summary>A message that the front-end forwards.</summary>
    ForwardedSend,

    /// <summary>A request of the App API, or a region look-up of the Track API, that is passed through.</summary>
    Query,
}

/// <summary>What the caller of a call was told.</summary>
public enum CallEnd
{
    /// <summary>Nothing yet, or nothing within the caller's patience, or the connection broke.</summary>
    Unanswered,

    /// <summary>It is promised to be delivered; a forwarded or keyed send and a query: it has been.</summary>
    Acknowledged,

    /// <summary>Nothing is promised, and nothing happens later.</summary>
    Refused,

    /// <summary>The message may have been sent, or may still be (424).</summary>
    Unknown,
}

/// <summary>One call of a <see cref="Load"/>.</summary>
/// <param name="Mark">Names it, in what arrives too.</param>
/// <param name="Seq">Its number among all calls of its lane, whose calls are made one after the other.</param>
/// <param name="Kind">What it is.</param>
/// <param name="People">The people in whose queues it is; empty if it has no order.</param>
/// <param name="Unit">Those of one person that leave in one request, and come again together, have one unit: a Pipelines batch. All others have a unit of their own.</param>
public sealed record Call(string Mark, int Seq, LoadKind Kind, IReadOnlyList<string> People, int Unit)
{
    /// <summary>When its request was sent (of a keyed send: the first).</summary>
    public DateTimeOffset SentAt { get; set; }

    /// <summary>When it was answered.</summary>
    public DateTimeOffset AnsweredAt { get; set; }

    public CallEnd End { get; set; }

    /// <summary>Where a stored send's result is; null of all else.</summary>
    public Uri? Result { get; set; }

    public bool IsSend => Kind is LoadKind.StoredSend or LoadKind.OrderedSend or LoadKind.KeyedSend or LoadKind.ForwardedSend;

    /// <summary>Whether it stood in a queue when it was acknowledged, so that its delivery may still be to come.</summary>
    public bool IsQueued => Kind is not (LoadKind.KeyedSend or LoadKind.ForwardedSend or LoadKind.Query);
}
