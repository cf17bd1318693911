using CioOrleans.Limits;

namespace CioOrleans.History;

/// <summary>What the history of a workspace proves about a span of time.</summary>
/// <param name="From">Where the judged span begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Rows">The number of rows that were read.</param>
/// <param name="Requests">The number of requests that may have arrived.</param>
/// <param name="Limits">One for each limit of each group.</param>
/// <param name="Violations">The first violations that were found, newest first.</param>
/// <param name="ViolationCount">The number of all violations.</param>
/// <param name="NotJudged">What the record cannot tell, newest first.</param>
/// <param name="OpenCalls">Calls with attempts and without an end in the span.</param>
[GenerateSerializer, Immutable, Alias("cio.ProofReport")]
public sealed record ProofReport(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] DateTimeOffset To,
    [property: Id(2)] long Rows,
    [property: Id(3)] long Requests,
    [property: Id(4)] IReadOnlyList<LimitProof> Limits,
    [property: Id(5)] IReadOnlyList<ProofViolation> Violations,
    [property: Id(6)] long ViolationCount,
    [property: Id(7)] IReadOnlyList<NotJudged> NotJudged,
    [property: Id(8)] long OpenCalls)
{
    /// <summary>The least favourable of all parts.</summary>
    public ProofVerdict Verdict =>
        ViolationCount > 0 || Limits.Any(limit => limit.Verdict == ProofVerdict.Broken) ? ProofVerdict.Broken
        : NotJudged.Count > 0 || Limits.Any(limit => limit.Verdict == ProofVerdict.NotJudged) ? ProofVerdict.NotJudged
        : ProofVerdict.Kept;
}

/// <summary>What can be said about a promise. The numbers cross the wire: never renumber.</summary>
[GenerateSerializer, Alias("cio.ProofVerdict")]
public enum ProofVerdict : byte
{
    /// <summary>The promise was kept, whatever happened between the bounds of the record.</summary>
    Kept = 0,

    /// <summary>The record does not tell.</summary>
    NotJudged = 1,

    /// <summary>The promise was broken.</summary>
    Broken = 2,
}

/// <summary>What is known about one limit.</summary>
/// <param name="Classes">The limit classes that share the limit.</param>
/// <param name="Permits">The requests that may arrive in any window.</param>
/// <param name="Window">The window.</param>
/// <param name="Most">The most requests that any window can have held: an upper bound.</param>
/// <param name="MostAt">The end of the first request of that window.</param>
/// <param name="MostWithExactClocks">The most that any window can have held if no bound was rounded. Differs from <paramref name="Most"/> by the precision of the clocks only.</param>
/// <param name="Precision">How far the bounds were rounded outward at most.</param>
/// <param name="IsBoundOnly">Whether tokens came back after sending (<see cref="TokenReturn.AfterSend"/>): then <paramref name="Most"/> is a bound and nothing is proved.</param>
[GenerateSerializer, Immutable, Alias("cio.LimitProof")]
public sealed record LimitProof(
    [property: Id(0)] IReadOnlyList<LimitClass> Classes,
    [property: Id(1)] int Permits,
    [property: Id(2)] TimeSpan Window,
    [property: Id(3)] int Most,
    [property: Id(4)] DateTimeOffset? MostAt,
    [property: Id(5)] int MostWithExactClocks,
    [property: Id(6)] TimeSpan Precision,
    [property: Id(7)] bool IsBoundOnly)
{
    /// <summary>Whether the limit was kept.</summary>
    public ProofVerdict Verdict => Most <= Permits ? ProofVerdict.Kept : IsBoundOnly || MostWithExactClocks <= Permits ? ProofVerdict.NotJudged : ProofVerdict.Broken;
}

/// <summary>A promise to a customer that was broken.</summary>
/// <param name="Kind">Which promise.</param>
/// <param name="At">The end of the earlier request.</param>
/// <param name="Customer">The customer's number in the store.</param>
/// <param name="Sequence">The earlier request's call in the customer's queue.</param>
/// <param name="OtherSequence">The later request's call.</param>
[GenerateSerializer, Immutable, Alias("cio.ProofViolation")]
public sealed record ProofViolation(
    [property: Id(0)] ProofViolationKind Kind,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] long Customer,
    [property: Id(3)] long Sequence,
    [property: Id(4)] long OtherSequence)
{
    /// <summary>The customer's ordering key; null where it is not known any more.</summary>
    [Id(5)]
    public string? CustomerKey { get; init; }
}

/// <summary>Which promise to a customer was broken. The numbers cross the wire: never renumber.</summary>
[GenerateSerializer, Alias("cio.ProofViolationKind")]
public enum ProofViolationKind : byte
{
    /// <summary>A call was sent after one that was accepted later.</summary>
    Order = 0,

    /// <summary>Two requests of one customer overlapped.</summary>
    Overlap = 1,

    /// <summary>A call ended twice, or was sent after its end.</summary>
    SecondEnd = 2,

    /// <summary>A call was sent and never ended, and a later call of the customer was sent.</summary>
    NoEnd = 3,
}

/// <summary>A span about which the record does not tell enough.</summary>
/// <param name="From">The begin of the span.</param>
/// <param name="To">Its end.</param>
/// <param name="Why">Why.</param>
/// <param name="Count">How many rows or permits it concerns; 0 where that is not known.</param>
[GenerateSerializer, Immutable, Alias("cio.NotJudged")]
public sealed record NotJudged(
    [property: Id(0)] DateTimeOffset From, [property: Id(1)] DateTimeOffset To, [property: Id(2)] NotJudgedReason Why, [property: Id(3)] long Count);

/// <summary>Why a span is not judged. The numbers cross the wire: never renumber.</summary>
[GenerateSerializer, Alias("cio.NotJudgedReason")]
public enum NotJudgedReason : byte
{
    /// <summary>Rows of that time were deleted, or the span begins before the history.</summary>
    RowsDeleted = 0,

    /// <summary>Rows could not be stored.</summary>
    RowsDropped = 1,

    /// <summary>The setting <c>History:Attempts</c> did not keep all attempts.</summary>
    NotKept = 2,

    /// <summary>The owner did not record its limits: its version had no history.</summary>
    NoRecord = 3,

    /// <summary>An owner ended without a hand-over: what it had sent last may have no row.</summary>
    LostOwner = 4,

    /// <summary>The limits changed.</summary>
    LimitsChanged = 5,

    /// <summary>Requests may be under way whose rows come later.</summary>
    UnderWay = 6,

    /// <summary>More customers than can be followed: the order of calls that are further apart than this span is not judged.</summary>
    ManyCustomers = 7,

    /// <summary>Calls whose end may be one that was not recorded.</summary>
    EndsMissing = 8,
}
