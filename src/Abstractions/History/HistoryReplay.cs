using CioOrleans.Calls;
using Orleans.Concurrency;

namespace CioOrleans.History;

/// <summary>
/// Replays a span of the history of a workspace (key: its name): the calls that Customer.io took are accepted again with bulk priority, under their own ids and
/// time stamps, so that Customer.io drops what it has. One replay runs at a time. It survives restarts.
/// </summary>
[Alias("cio.IHistoryReplayGrain")]
public interface IHistoryReplayGrain : IGrainWithStringKey
{
    /// <summary>Counts what a selection matches, in one part of the span.</summary>
    /// <param name="selection">Selects the calls.</param>
    /// <param name="from">From <see cref="HistoryReplayCount.Next"/>; null for the first part.</param>
    [Alias("Count"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    ValueTask<HistoryReplayCount> Count(HistoryReplaySelection selection, DateTimeOffset? from);

    /// <summary>Starts a replay, unless one has not ended.</summary>
    /// <param name="id">The id of the new replay. A repeat with the id of the latest replay starts none.</param>
    /// <param name="selection">Selects the calls.</param>
    /// <returns>The latest replay: the new one, or the one that has not ended.</returns>
    [Alias("Start"), AlwaysInterleave]
    ValueTask<HistoryReplayStatus> Start(Ulid id, HistoryReplaySelection selection);

    /// <summary>Pauses, resumes or cancels the latest replay. A replay that has ended stays as it is.</summary>
    /// <param name="wanted">The state.</param>
    /// <returns>The latest replay; null if there was none.</returns>
    [Alias("Change"), AlwaysInterleave]
    ValueTask<HistoryReplayStatus?> Change(HistoryReplayState wanted);

    /// <summary>The latest replay; null if there was none.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    ValueTask<HistoryReplayStatus?> GetStatus();

    /// <summary>Goes on with a replay that has not ended. Called by the workspace's owner.</summary>
    [Alias("EnsureRunning"), AlwaysInterleave]
    ValueTask EnsureRunning();
}

/// <summary>Selects calls of the history that Customer.io took.</summary>
/// <param name="From">The begin of the span in which a row of the call ended.</param>
/// <param name="To">The end of the span.</param>
/// <param name="Customer">The ordering key; null for all.</param>
/// <param name="Kind">The kind of call; null for all.</param>
/// <param name="Status">The status class of one of the call's rows in the span; null for all.</param>
[GenerateSerializer, Immutable, Alias("cio.HistoryReplaySelection")]
public sealed record HistoryReplaySelection(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] DateTimeOffset To,
    [property: Id(2)] string? Customer = null,
    [property: Id(3)] CallKind? Kind = null,
    [property: Id(4)] HistoryStatus? Status = null)
{
    /// <summary>The filter of a part of the span.</summary>
    public HistoryFilter FilterOf(DateTimeOffset from, DateTimeOffset to) => new() { From = from, To = to, Customer = Customer, Kind = Kind, Status = Status };
}

/// <summary>What became of the calls of a selection. Each call is counted once.</summary>
/// <param name="Calls">All calls.</param>
/// <param name="Replayable">Calls that were accepted again, or can be.</param>
/// <param name="WithoutBody">Calls that are left out because what was sent is not kept.</param>
/// <param name="Sends">Messages, which are left out because Customer.io cannot recognise a repeat.</param>
/// <param name="NotDelivered">Calls that are left out because Customer.io has not taken them: they wait, are dead letters, or were discarded.</param>
/// <param name="Refused">Calls that this version does not accept any more.</param>
[GenerateSerializer, Immutable, Alias("cio.HistoryReplayCounts")]
public readonly record struct HistoryReplayCounts(
    [property: Id(0)] long Calls,
    [property: Id(1)] long Replayable,
    [property: Id(2)] long WithoutBody,
    [property: Id(3)] long Sends,
    [property: Id(4)] long NotDelivered,
    [property: Id(5)] long Refused)
{
    public static HistoryReplayCounts operator +(HistoryReplayCounts one, HistoryReplayCounts other) => new(
        one.Calls + other.Calls,
        one.Replayable + other.Replayable,
        one.WithoutBody + other.WithoutBody,
        one.Sends + other.Sends,
        one.NotDelivered + other.NotDelivered,
        one.Refused + other.Refused);
}

/// <summary>The counts of a part of a span.</summary>
/// <param name="Counts">The counts.</param>
/// <param name="Next">Where the next part begins; null for the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.HistoryReplayCount")]
public sealed record HistoryReplayCount([property: Id(0)] HistoryReplayCounts Counts, [property: Id(1)] DateTimeOffset? Next);

/// <summary>The state of a replay. The numbers are sent and stored: never renumber.</summary>
[GenerateSerializer, Alias("cio.HistoryReplayState")]
public enum HistoryReplayState : byte
{
    Running = 0,

    /// <summary>An operator has paused it. Calls that were accepted again are delivered.</summary>
    Paused = 1,

    /// <summary>An operator has cancelled it.</summary>
    Cancelled = 2,

    Done = 3,
}

/// <summary>A replay.</summary>
/// <param name="Id">Its id. Its calls are those of the import with this id, whose progress says how many are delivered.</param>
/// <param name="Selection">What it replays.</param>
/// <param name="State">Its state.</param>
/// <param name="StartedAt">When it was started (UTC).</param>
/// <param name="Reached">All of the span before this time is replayed.</param>
/// <param name="Counts">What became of the calls so far.</param>
/// <param name="Problem">Why it does not get on now; null if it does.</param>
[GenerateSerializer, Immutable, Alias("cio.HistoryReplayStatus")]
public sealed record HistoryReplayStatus(
    [property: Id(0)] Ulid Id,
    [property: Id(1)] HistoryReplaySelection Selection,
    [property: Id(2)] HistoryReplayState State,
    [property: Id(3)] DateTimeOffset StartedAt,
    [property: Id(4)] DateTimeOffset Reached,
    [property: Id(5)] HistoryReplayCounts Counts,
    [property: Id(6)] string? Problem = null);
