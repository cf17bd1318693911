using CioOrleans.Calls;
using CioOrleans.Client.Explaining;
using CioOrleans.Client.Operating;
using CioOrleans.Console.Live;
using CioOrleans.History;

namespace CioOrleans.Console.Parts;

/// <summary>One call of a customer over time. Times are microseconds since 1970.</summary>
/// <param name="Title">What a pointer shows.</param>
/// <param name="Accepted">When it was accepted.</param>
/// <param name="Ended">When its last row ended.</param>
/// <param name="IsOpen">Whether its end is not recorded.</param>
/// <param name="Attempts">Its attempts, the oldest first.</param>
internal sealed record LaneCall(string Title, long Accepted, long Ended, bool IsOpen, IReadOnlyList<LaneAttempt> Attempts)
{
    /// <summary>Whether the call merges two persons, or waits for such a merge.</summary>
    public bool IsMerge { get; init; }

    /// <summary>Whether the call waits now for something else than its turn at the limit.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>The latest calls among some rows, the oldest first.</summary>
    /// <param name="rows">Rows of one customer, the newest first.</param>
    /// <param name="most">The maximum number of calls.</param>
    public static IReadOnlyList<LaneCall> Of(IReadOnlyList<HistoryRow> rows, int most) =>
    [
        .. rows.Where(row => row.CallId is not null).GroupBy(row => row.CallId).Take(most).Select(call =>
        {
            var ordered = call.OrderBy(row => row.Id).ToList();
            var last = ordered[^1];
            return new LaneCall(
                $"{Text.Words($"{last.Kind}")} {call.Key}: {string.Join(", ", ordered.Select(Tell))}",
                last.AcceptedAt == 0 ? ordered[0].Sent ?? ordered[0].Ended : last.AcceptedAt * 1_000,
                last.Ended,
                !last.IsEnd,
                [.. ordered.Where(row => row.Sent is not null).Select(row => new LaneAttempt(row.Sent!.Value, row.Ended, row.Result == HistoryResult.Delivered))])
            {
                IsMerge = last.Kind is CallKind.Merge or CallKind.MergeBarrier,
            };
        }).OrderBy(call => call.Accepted),
    ];

    /// <summary>Adds the first waiting call: its line goes on until now.</summary>
    public static IReadOnlyList<LaneCall> With(IReadOnlyList<LaneCall> calls, CustomerReport report)
    {
        if (report is not { Head: { } head, Explanation: { } explanation })
        {
            return calls;
        }

        var title = $"{Text.Words($"{head.Kind}")} {head.Id}: {Text.Words($"{explanation.State}")}";
        var known = calls.FirstOrDefault(call => call.Title.Contains(head.Id.ToString(), StringComparison.Ordinal));
        var now = (report.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var waiting = (known ?? new LaneCall(title, (head.AcceptedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, now, IsOpen: true, [])) with
        {
            Ended = now,
            IsOpen = true,
            IsMerge = head.Kind is CallKind.Merge or CallKind.MergeBarrier,
            IsBlocked = explanation.Causes.Any(cause => cause is not WaitCause.LimitUsed),
        };
        return [.. calls.Where(call => call != known), waiting];
    }

    private static string Tell(HistoryRow row) => $"{Text.Words(row.Result.ToString())}{(row.Status == 0 ? "" : $" ({row.Status})")}";
}

/// <summary>One attempt.</summary>
internal readonly record struct LaneAttempt(long From, long To, bool Succeeded);
