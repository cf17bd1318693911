using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Console.Live;

/// <summary>
/// The last quarter of an hour of a workspace, second by second from <c>First</c> (since 1970) on, joined from several answers of its owner. The numbers are those
/// of <see cref="ActivitySeries"/>.
/// </summary>
public sealed record SecondSeries(long First, int[] Accepted, int[] Delivered, int[] DeadLettered, int[] Failed, int[] Saved, int[] Queued, IReadOnlyList<GroupSeries> Limits)
{
    /// <summary>The second after the last one.</summary>
    public long End => First + Accepted.Length;

    /// <summary>Adds an answer to what is known. Seconds that both have are taken from the answer.</summary>
    public static SecondSeries Join(SecondSeries? known, ActivitySeries answer)
    {
        var end = answer.FirstSecond + answer.Accepted.Count;
        var first = known is null || known.End < answer.FirstSecond || known.First > answer.FirstSecond
            ? answer.FirstSecond
            : Math.Max(known.First, end - ActivitySeries.MaxSeconds);
        return new SecondSeries(
            first,
            Merge(known?.Accepted, answer.Accepted),
            Merge(known?.Delivered, answer.Delivered),
            Merge(known?.DeadLettered, answer.DeadLettered),
            Merge(known?.Failed, answer.Failed),
            Merge(known?.Saved, answer.Saved),
            Merge(known?.Queued, answer.Queued),
            [.. answer.Limits.Select((limit, i) =>
            {
                var old = known is not null && i < known.Limits.Count ? known.Limits[i] : null;
                return new GroupSeries(limit.Classes, limit.Permits, limit.Window, Merge(old?.Requests, limit.Requests), Merge(old?.Most, limit.Most), limit.NextIn);
            })]);

        int[] Merge(int[]? old, IReadOnlyList<int> given)
        {
            var merged = new int[end - first];
            for (var i = 0; i < merged.Length; i++)
            {
                var second = first + i;
                merged[i] = second >= answer.FirstSecond ? given[(int)(second - answer.FirstSecond)] : old![second - known!.First];
            }

            return merged;
        }
    }

    /// <summary>The mean of the last <paramref name="seconds"/> that are complete.</summary>
    public static double Rate(int[] values, int seconds = 10)
    {
        var count = Math.Min(seconds, values.Length);
        return count == 0 ? 0 : values.AsSpan(values.Length - count).ToArray().Average();
    }
}

/// <summary>The requests of one limit group.</summary>
public sealed record GroupSeries(IReadOnlyList<LimitClass> Classes, int Permits, TimeSpan Window, int[] Requests, int[] Most, TimeSpan? NextIn);
