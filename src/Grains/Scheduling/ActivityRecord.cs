using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Scheduling;

/// <summary>What a workspace did in each of the last seconds. Every moment is on the scheduler's clock. Not thread-safe.</summary>
internal sealed class ActivityRecord
{
    private readonly long _origin;
    private readonly Dictionary<LimitGroup, GroupRecord> _groups;
    private readonly SecondCounts _accepted = new();
    private readonly SecondCounts _delivered = new();
    private readonly SecondCounts _deadLettered = new();
    private readonly SecondCounts _failed = new();
    private readonly SecondCounts _saved = new();
    private readonly SecondCounts _queued = new();
    private readonly IReadOnlyList<SecondCounts> _all;
    private long _second;
    private long _endedSinceCount;
    private (long Second, long Queued)? _counted;

    /// <param name="groups">The limit groups.</param>
    /// <param name="startedAt">The UTC time at which the scheduler's clock was zero.</param>
    public ActivityRecord(IEnumerable<LimitGroup> groups, DateTimeOffset startedAt)
    {
        _origin = startedAt.ToUnixTimeSeconds();
        _groups = groups.ToDictionary(group => group, group => new GroupRecord(group.TightestLimit));
        _all = [_accepted, _delivered, _deadLettered, _failed, _saved, _queued, .. _groups.Values.SelectMany(group => group.All)];
    }

    /// <summary>A request was sent and has ended.</summary>
    public void OnRequest(LimitGroup group, TimeSpan endedAt, TimeSpan now)
    {
        Advance(now);
        _groups[group].Add(endedAt < now ? endedAt : now, _second);
    }

    /// <summary>A request carried the heads of several customers.</summary>
    public void OnBatch(int calls, TimeSpan now)
    {
        Advance(now);
        _saved.Add(_second, Math.Max(0, calls - 1));
    }

    public void OnDelivered(TimeSpan now)
    {
        Advance(now);
        _delivered.Add(_second, 1);
        _endedSinceCount++;
    }

    public void OnDeadLetter(TimeSpan now)
    {
        Advance(now);
        _deadLettered.Add(_second, 1);
        _endedSinceCount++;
    }

    public void OnFailed(TimeSpan now)
    {
        Advance(now);
        _failed.Add(_second, 1);
    }

    /// <summary>
    /// The waiting calls were counted. What the count has grown by, and the calls that ended since the count before, are the accepted calls. They are spread
    /// evenly over the seconds between the two counts.
    /// </summary>
    public void OnCounted(long queued, TimeSpan now)
    {
        Advance(now);
        if (_counted is { } before)
        {
            var accepted = Math.Max(0, queued - before.Queued + _endedSinceCount);
            var seconds = Math.Max(1, _second - before.Second);
            for (var i = 1; i <= seconds; i++)
            {
                var second = _second - seconds + i;
                _accepted.Add(second, (int)((accepted * i / seconds) - (accepted * (i - 1) / seconds)));
                _queued.Set(second, ToInt(before.Queued + ((queued - before.Queued) * i / seconds)));
            }
        }
        else
        {
            _queued.Set(_second, ToInt(queued));
        }

        _counted = (_second, queued);
        _endedSinceCount = 0;
    }

    /// <summary>The whole seconds from <paramref name="since"/> on, as far as they are remembered.</summary>
    /// <param name="since">The first second, since 1970.</param>
    /// <param name="now">Now. The second under way is not over and is left out.</param>
    public ActivitySeries Read(long since, TimeSpan now)
    {
        Advance(now);
        var first = Math.Clamp(since - _origin, Math.Max(0, _second - ActivitySeries.MaxSeconds + 1), _second);
        return new ActivitySeries(
            _origin + first,
            _accepted.Read(first, _second),
            _delivered.Read(first, _second),
            _deadLettered.Read(first, _second),
            _failed.Read(first, _second),
            _saved.Read(first, _second),
            _queued.Read(first, _second),
            [.. _groups.Select(group => group.Value.Read(group.Key, first, _second, now))]);
    }

    private static int ToInt(long count) => (int)Math.Min(count, int.MaxValue);

    private void Advance(TimeSpan now)
    {
        var second = (long)now.TotalSeconds;
        if (second <= _second)
        {
            return;
        }

        foreach (var counts in _all)
        {
            counts.Clear(_second + 1, second);
        }

        // Until the next count the queue is taken to be as long as it was.
        if (_counted is { } counted)
        {
            for (var next = Math.Max(_second + 1, second - ActivitySeries.MaxSeconds + 1); next <= second; next++)
            {
                _queued.Set(next, ToInt(counted.Queued));
            }
        }

        _second = second;
    }

    /// <summary>One number for each of the last seconds.</summary>
    private sealed class SecondCounts
    {
        private readonly int[] _counts = new int[ActivitySeries.MaxSeconds];

        public void Add(long second, int count) => _counts[second % _counts.Length] += count;

        public void Set(long second, int count) => _counts[second % _counts.Length] = count;

        public void Raise(long second, int count) => _counts[second % _counts.Length] = Math.Max(count, _counts[second % _counts.Length]);

        public void Clear(long from, long to)
        {
            for (var second = Math.Max(from, to - _counts.Length + 1); second <= to; second++)
            {
                _counts[second % _counts.Length] = 0;
            }
        }

        public int[] Read(long from, long to)
        {
            var read = new int[to - from];
            for (var i = 0; i < read.Length; i++)
            {
                read[i] = _counts[(from + i) % _counts.Length];
            }

            return read;
        }
    }

    private sealed class GroupRecord(RateLimit limit)
    {
        private readonly SecondCounts _requests = new();
        private readonly SecondCounts _most = new();
        private readonly ArrivalCount _arrivals = new(limit);

        public IReadOnlyList<SecondCounts> All => [_requests, _most];

        public void Add(TimeSpan endedAt, long current)
        {
            var second = (long)Math.Max(0, endedAt.TotalSeconds);
            if (second > current - ActivitySeries.MaxSeconds)
            {
                _requests.Add(second, 1);
                _arrivals.Add(endedAt, (end, count) => _most.Raise((long)Math.Max(0, end.TotalSeconds), count));
            }
        }

        public LimitSeries Read(LimitGroup group, long from, long to, TimeSpan now) => new(
            group.Classes, limit.Permits, limit.Window, _requests.Read(from, to), _most.Read(from, to), group.NextAt(now) is { } next ? (next > now ? next - now : TimeSpan.Zero) : null);
    }
}
