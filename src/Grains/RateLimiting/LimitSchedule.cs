namespace CioOrleans.Grains.RateLimiting;

/// <summary>The state of a limit group at a hand-over, with which the successor goes on without a pause.</summary>
/// <param name="Limits">The limits of the group, as text.</param>
/// <param name="PausedFor">The rest of the pause when the schedule was made, in milliseconds; 0 if the group is not paused.</param>
/// <param name="Buckets">For each bucket, when its taken tokens return, in milliseconds after the schedule was made, rounded up; all others are free.</param>
/// <param name="Classes">The names of the group's classes, ascending. Null in a row of an older version: no group can keep its tokens.</param>
public sealed record LimitSchedule(string Limits, int PausedFor, IReadOnlyList<IReadOnlyList<int>> Buckets, IReadOnlyList<string>? Classes = null)
{
    /// <summary>How long after the schedule was made a request may still be under way. A token comes back one window after the end of its request.</summary>
    public TimeSpan LongestUnderWay()
    {
        var limits = RateLimitParser.TryParse(Limits, out var parsed) && parsed.Count == Buckets.Count ? parsed : null;
        return Buckets
            .Select((returns, i) => TimeSpan.FromMilliseconds(returns.DefaultIfEmpty().Max()) - (limits?[i].Window ?? TimeSpan.Zero))
            .Append(TimeSpan.Zero)
            .Max();
    }
}
