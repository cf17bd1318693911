using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.History;

/// <summary>
/// A row of the history: a request to Customer.io, or the end of a call, or both. Times are microseconds since 1970 on the lease clock. They are bounds that are
/// rounded outward: the request arrived at Customer.io between <see cref="Sent"/> and <see cref="Ended"/>, if it arrived.
/// </summary>
[GenerateSerializer, Immutable, Alias("cio.HistoryRow")]
public sealed record HistoryRow
{
    /// <summary>Orders the rows: <see cref="HistoryId.Of"/> of <see cref="Ended"/>. Unique within a process; the same row has the same id when its write is repeated.</summary>
    [Id(0)]
    public required long Id { get; init; }

    [Id(1)]
    public required string Workspace { get; init; }

    /// <summary>The ordering key of the customer's queue; null for a request without one, and after the customer was erased.</summary>
    [Id(2)]
    public string? Customer { get; init; }

    /// <summary>Null for a request that was not a stored call's, and after the customer was erased.</summary>
    [Id(3)]
    public Ulid? CallId { get; init; }

    /// <summary>The call's number in the customer's queue; 0 where it is not known.</summary>
    [Id(4)]
    public long Sequence { get; init; }

    /// <summary>Null for a request that was not a stored call's.</summary>
    [Id(5)]
    public CallKind? Kind { get; init; }

    [Id(6)]
    public required LimitClass LimitClass { get; init; }

    /// <summary>The first eight bytes of the <see cref="DuplicateKey"/> of the event's own id; null if the caller gave none.</summary>
    [Id(7)]
    public long? EventKey { get; init; }

    [Id(8)]
    public Ulid? Import { get; init; }

    /// <summary>When the call was accepted, in milliseconds since 1970; 0 where there is no call.</summary>
    [Id(9)]
    public long AcceptedAt { get; init; }

    /// <summary>One more than the counted attempts before this one; attempts that are not counted share a number. 0 where nothing was attempted.</summary>
    [Id(10)]
    public int Attempt { get; init; }

    /// <summary>The epoch of the owner that granted the permit; 0 where there was no permit.</summary>
    [Id(11)]
    public long Epoch { get; init; }

    /// <summary>The permit's number within its epoch. All rows of one batch have the number of its permit. 0 where there was no permit.</summary>
    [Id(12)]
    public long Permit { get; init; }

    /// <summary>The silo that wrote the row.</summary>
    [Id(13)]
    public string Silo { get; init; } = "";

    /// <summary>Not later than the moment at which the request began to leave; null if certainly nothing was sent.</summary>
    [Id(14)]
    public long? Sent { get; init; }

    /// <summary>Not earlier than the request's end, or when the call ended.</summary>
    [Id(15)]
    public required long Ended { get; init; }

    /// <summary>By how much <see cref="Sent"/> and <see cref="Ended"/> may have been rounded outward, in microseconds.</summary>
    [Id(16)]
    public long Precision { get; init; }

    [Id(17)]
    public required HistoryResult Result { get; init; }

    /// <summary>Customer.io's status; 0 if there was no answer.</summary>
    [Id(18)]
    public int Status { get; init; }

    /// <summary>Why it failed, without payload and credentials; null on success.</summary>
    [Id(19)]
    public string? Reason { get; init; }

    /// <summary>What was sent and answered; null if it is not kept, or was not asked for (<see cref="HistoryFilter.WithBodies"/>).</summary>
    [Id(20)]
    public HistoryBody? Body { get; init; }

    /// <summary>
    /// The trace in which the call was accepted (<see cref="CallNotes.TraceParent"/>), 32 hexadecimal digits; null for none, and after the customer was erased.
    /// </summary>
    [Id(21)]
    public string? TraceId { get; init; }

    /// <summary>Whether the call left its queue with this row.</summary>
    public bool IsEnd => Result.IsEnd();
}

/// <summary>What a row of the history tells. The numbers are stored and cross the wire: never renumber.</summary>
[GenerateSerializer, Alias("cio.HistoryResult")]
public enum HistoryResult : byte
{
    /// <summary>Customer.io took the call. An end.</summary>
    Delivered = 0,

    /// <summary>The attempt failed, and the call stays.</summary>
    Failed = 1,

    /// <summary>429: the call stays.</summary>
    Throttled = 2,

    /// <summary>401, 403, 407 or a redirect: the call stays.</summary>
    Misconfigured = 3,

    /// <summary>The batch did not decide the call, which stays and goes alone next.</summary>
    Undecided = 4,

    /// <summary>Customer.io refused the call for good, and it is a dead letter. An end.</summary>
    Rejected = 5,

    /// <summary>It is not known whether the send was carried out, and it is a dead letter. An end.</summary>
    Unknown = 6,

    /// <summary>The call can never be written, and it is a dead letter. An end; nothing was sent.</summary>
    Unsendable = 7,

    /// <summary>The attempts are used up, and the call is a dead letter. An end; the last attempt has a row before.</summary>
    UsedUp = 8,

    /// <summary>An operator discarded the waiting call. An end.</summary>
    Discarded = 9,

    /// <summary>A forwarded request or a query was answered.</summary>
    Forwarded = 10,

    /// <summary>A forwarded request or a query was not answered.</summary>
    Unanswered = 11,

    /// <summary>The report of the permit never came, or came from a version without history. Recorded by the owner, from the grant to the end of the permit.</summary>
    Unreported = 12,

    /// <summary>The send had ended before, and only its row was left. An end; nothing was sent.</summary>
    Finished = 13,

    /// <summary>
    /// Customer.io took or refused the call once more: another activation of its customer had ended it meanwhile. Not an end. Only with PostgreSQL, after a
    /// silo was frozen.
    /// </summary>
    Repeated = 14,

    /// <summary>The call is a dead letter and holds its queue. It may be replayed in its place, discarded or released, so this is an end only if no row of it follows.</summary>
    Held = 15,
}

/// <summary>What follows from a <see cref="HistoryResult"/>.</summary>
public static class HistoryResults
{
    /// <summary>Whether a call left its queue.</summary>
    public static bool IsEnd(this HistoryResult result) => result is HistoryResult.Delivered or HistoryResult.Rejected or HistoryResult.Unknown
        or HistoryResult.Unsendable or HistoryResult.UsedUp or HistoryResult.Discarded or HistoryResult.Finished;
}

/// <summary>The ids of rows: their order is the order of <see cref="HistoryRow.Ended"/>.</summary>
public static class HistoryId
{
    private const int NumberBits = 13;

    /// <summary>2020-01-01, in microseconds since 1970.</summary>
    private const long Start = 1_577_836_800_000_000;

    private static long _number;

    /// <summary>The bits of an id within one stretch of time of 268 s. Indexes are ordered by stretches, so that new rows share pages.</summary>
    public const int StretchBits = NumberBits + 28;

    /// <summary>The ids of one day.</summary>
    public const long OfDay = 86_400_000_000 << NumberBits;

    /// <summary>A new id.</summary>
    /// <param name="ended">In microseconds since 1970.</param>
    public static long Of(long ended) => FirstAt(ended) | (Interlocked.Increment(ref _number) & ((1 << NumberBits) - 1));

    /// <summary>The lowest id of that time.</summary>
    public static long FirstAt(long microseconds) => Math.Max(0, microseconds - Start) << NumberBits;

    /// <summary>The lowest id of that time.</summary>
    public static long FirstAt(DateTimeOffset time) => FirstAt(Microseconds(time));

    /// <summary>The time of an id, in microseconds since 1970.</summary>
    public static long TimeOf(long id) => (id >> NumberBits) + Start;

    /// <summary>A time in microseconds since 1970.</summary>
    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>A time in microseconds since 1970 as a date.</summary>
    public static DateTimeOffset ToTime(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
