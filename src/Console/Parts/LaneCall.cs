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
                [.. ordered.Where(row => row.Sent is not null).Select(row => new LaneAttempt(row.Sent!.Value, row.Ended, row.Result == HistoryResult.Delivered))]);
        }).OrderBy(call => call.Accepted),
    ];

    private static string Tell(HistoryRow row) => $"{Text.Words(row.Result.ToString())}{(row.Status == 0 ? "" : $" ({row.Status})")}";
}

/// <summary>One attempt.</summary>
internal readonly record struct LaneAttempt(long From, long To, bool Succeeded);
