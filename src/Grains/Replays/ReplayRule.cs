using CioOrleans.Calls;
using CioOrleans.History;

namespace CioOrleans.Grains.Replays;

/// <summary>What a replay of the history does with a row.</summary>
internal enum ReplayStep
{
    /// <summary>The call is accepted again.</summary>
    Accept,

    /// <summary>Nothing: another row decides its call, or the row has none.</summary>
    Ignore,

    /// <summary>The call was accepted again by this replay, before a restart.</summary>
    AlreadyAccepted,

    WithoutBody,

    Send,

    NotDelivered,
}

/// <summary>Decides what a replay does with the calls of its span. A call of several rows is decided by the first of them that the selection matches.</summary>
internal static class ReplayRule
{
    /// <summary>
    /// For each call its first row, the oldest first. Only that one can decide about the call (<see cref="Decide"/>), so its other rows are read once, with its
    /// life, and not once for each of them.
    /// </summary>
    /// <param name="rows">Rows that the selection matches, the newest first.</param>
    public static IReadOnlyList<HistoryRow> FirstOfEachCall(IEnumerable<HistoryRow> rows) =>
        [.. rows.Reverse().Where(row => row.CallId is not null).DistinctBy(row => row.CallId)];

    /// <summary>Decides by one row.</summary>
    /// <param name="row">A row that the selection matches.</param>
    /// <param name="life">All rows of its call that are kept, in any order, with what was sent where it is kept.</param>
    /// <param name="selection">The selection.</param>
    /// <param name="replay">The replay.</param>
    public static (ReplayStep Step, Call? Call) Decide(HistoryRow row, IReadOnlyList<HistoryRow> life, HistoryReplaySelection selection, Ulid replay)
    {
        if (row.CallId is null || row.Customer is null || row.Kind is null or CallKind.MergeBarrier || life.Any(other => IsBefore(other, row) && Matches(other, selection)))
        {
            return (ReplayStep.Ignore, null);
        }

        if (life.Any(other => other.Import == replay))
        {
            return (ReplayStep.AlreadyAccepted, null);
        }

        if (row.Kind == CallKind.Send)
        {
            return (ReplayStep.Send, null);
        }

        // A call whose last end is another one waits, is a dead letter or was discarded.
        if (life.Where(other => other.IsEnd || other.Result == HistoryResult.Held).MaxBy(other => other.Id) is not { Result: HistoryResult.Delivered })
        {
            return (ReplayStep.NotDelivered, null);
        }

        return life.Select(other => other.Body?.ReadCall()).FirstOrDefault(call => call is not null) is { } sent
            ? (ReplayStep.Accept, ToAccept(sent, replay))
            : (ReplayStep.WithoutBody, null);
    }

    /// <summary>The call as the replay accepts it: with bulk priority, as a call of the replay, without the keys that would make it a repeat of itself, and in its first trace.</summary>
    private static Call ToAccept(Call sent, Ulid replay) => sent with { Priority = CallPriority.Bulk, Notes = CallNotes.None with { Import = replay, TraceParent = sent.Notes.TraceParent } };

    private static bool IsBefore(HistoryRow one, HistoryRow other) => one.Id < other.Id;

    private static bool Matches(HistoryRow row, HistoryReplaySelection selection)
    {
        var ended = HistoryId.ToTime(row.Ended);
        return ended >= selection.From && ended < selection.To && (selection.Status is not { } status || status.Matches(row.Result, row.Status));
    }
}
