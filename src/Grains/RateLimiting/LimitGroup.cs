using CioOrleans.Configuration;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.RateLimiting;

/// <summary>
/// The classes that share limits. A request needs a token from each bucket, and must not be held by the pacer or a pause. Every moment is on the caller's
/// monotonic clock. Not thread-safe.
/// </summary>
public sealed class LimitGroup
{
    /// <summary>The length of the pause after a 429 without <c>Retry-After</c>.</summary>
    public static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(60);

    private readonly LimitGroupSettings _settings;
    private readonly string[] _classNames;
    private readonly ITokenBucket[] _buckets;
    private readonly Pacer _pacer;
    private readonly SlowDown _slowDown = new();

    /// <summary>Creates a group without tokens; <see cref="Start(TimeSpan)"/> adds them.</summary>
    public LimitGroup(LimitGroupSettings settings, Func<RateLimit, ITokenBucket> newBucket)
    {
        _settings = settings;
        _classNames = [.. settings.Classes.Select(c => c.ToName()).Order(StringComparer.Ordinal)];
        _buckets = [.. settings.Limits.Select(newBucket)];
        _pacer = Pacer.ForTightest(settings.Limits);
    }

    public IReadOnlyList<LimitClass> Classes => _settings.Classes;

    /// <summary>The longest window of the group's limits.</summary>
    public TimeSpan LongestWindow => _settings.Limits.Max(limit => limit.Window);

    /// <summary>The limit with the lowest rate; of equal ones that with the shortest window.</summary>
    public RateLimit TightestLimit => _settings.Limits.OrderBy(limit => limit.Permits / limit.Window.TotalSeconds).ThenBy(limit => limit.Window).First();

    /// <summary>The end of the group's pause; in the past if it is not paused.</summary>
    public TimeSpan PausedUntil { get; private set; }

    /// <inheritdoc cref="ITokenBucket.Start(TimeSpan)"/>
    public void Start(TimeSpan quietFrom)
    {
        foreach (var bucket in _buckets)
        {
            bucket.Start(quietFrom);
        }
    }

    /// <summary>
    /// Starts the group after a hand-over. The predecessor's tokens are kept only if one of its groups has the same classes and the same limits. In every other
    /// case the group may share requests with several of the predecessor's groups, so it starts without tokens. In both cases the pause of any of its classes
    /// is kept.
    /// </summary>
    /// <param name="schedules">One for each limit group of the predecessor, whose groups may differ.</param>
    /// <param name="madeAt">When the schedules were made, on this clock; too late is safe, too early is not.</param>
    public void Start(IReadOnlyList<LimitSchedule> schedules, TimeSpan madeAt)
    {
        var limits = RateLimitParser.Format(_settings.Limits);
        var same = schedules.FirstOrDefault(s => s.Classes is not null && s.Classes.SequenceEqual(_classNames) && s.Limits == limits && s.Buckets.Count == _buckets.Length);
        var overlapping = schedules.Where(s => s.Classes is null || s.Classes.Intersect(_classNames).Any()).ToArray();
        if (same is null)
        {
            // Of what was handed over something may still be under way: a call that a leaving silo passed on.
            Start(overlapping.Select(schedule => madeAt + schedule.LongestUnderWay()).Append(madeAt).Max());
        }
        else
        {
            for (var i = 0; i < _buckets.Length; i++)
            {
                _buckets[i].Start([.. same.Buckets[i].Select(offset => madeAt + TimeSpan.FromMilliseconds(offset))]);
            }
        }

        foreach (var schedule in overlapping)
        {
            PauseUntil(madeAt + TimeSpan.FromMilliseconds(schedule.PausedFor));
        }
    }

    /// <summary>The state for a successor. Valid only once no request of the group is in flight.</summary>
    public LimitSchedule ScheduleAt(TimeSpan now) => new(
        RateLimitParser.Format(_settings.Limits),
        Math.Max(0, RoundUp(PausedUntil - now)),
        [.. _buckets.Select(bucket => (IReadOnlyList<int>)[.. bucket.Returning(now).Select(moment => RoundUp(moment - now))])],
        _classNames);

    /// <summary>When a request may be sent: not later than <paramref name="now"/> if at once, null if that depends on the end of a request.</summary>
    public TimeSpan? NextAt(TimeSpan now)
    {
        var next = PausedUntil > _pacer.NextAt ? PausedUntil : _pacer.NextAt;
        foreach (var bucket in _buckets)
        {
            if (bucket.NextAt(now) is not { } token)
            {
                return null;
            }

            next = token > next ? token : next;
        }

        return next;
    }

    /// <summary>
    /// When a request may be sent that waits behind others: an estimate. It takes requests in flight as ending now, so the true time may be later.
    /// </summary>
    /// <param name="ahead">How many requests of the group are sent before it.</param>
    /// <param name="now">The caller's clock.</param>
    public TimeSpan EstimateFor(int ahead, TimeSpan now)
    {
        var next = PausedUntil > now ? PausedUntil : now;
        for (var i = 0; i < _buckets.Length; i++)
        {
            var (free, limit) = (_buckets[i].Free(now), _settings.Limits[i]);
            if (ahead < free)
            {
                continue;
            }

            // The tokens come back in this order, and again a window later for each round of requests.
            var tokens = _buckets[i].Returning(now).Concat(Enumerable.Repeat(now + limit.Window, limit.Permits)).Take(limit.Permits - free).ToArray();
            var (round, place) = Math.DivRem(ahead - free, limit.Permits);
            var token = (place < tokens.Length ? tokens[place] : now + limit.Window) + (round * limit.Window);
            next = token > next ? token : next;
        }

        return next;
    }

    /// <summary>Takes the tokens of one request; false, and nothing is taken, if it may not be sent now.</summary>
    public bool TryTake(TimeSpan now)
    {
        if (NextAt(now) is not { } next || next > now)
        {
            return false;
        }

        foreach (var bucket in _buckets)
        {
            bucket.Take(now);
        }

        _pacer.Take(now, _slowDown.ShareAt(now));
        return true;
    }

    /// <inheritdoc cref="ITokenBucket.Sent"/>
    public void Sent(TimeSpan takenAt, TimeSpan sentAt)
    {
        foreach (var bucket in _buckets)
        {
            bucket.Sent(takenAt, sentAt);
        }
    }

    /// <summary>A request whose tokens were taken at <paramref name="takenAt"/> ended at <paramref name="respondedAt"/>.</summary>
    public void Return(TimeSpan takenAt, TimeSpan respondedAt, TimeSpan now)
    {
        foreach (var bucket in _buckets)
        {
            bucket.Return(takenAt, respondedAt, now);
        }
    }

    /// <summary>A request whose tokens were taken at <paramref name="takenAt"/> was not sent.</summary>
    public void Refund(TimeSpan takenAt, TimeSpan now)
    {
        foreach (var bucket in _buckets)
        {
            bucket.Refund(takenAt, now);
        }

        _pacer.Refund();
    }

    /// <summary>Reads the signal of a response: no remaining requests pause the group until the reset.</summary>
    public void OnSignal(RateLimitSignal signal, TimeSpan now, DateTimeOffset utcNow)
    {
        if (signal is { Remaining: 0, ResetAt: { } resetAt })
        {
            PauseUntil(now + (resetAt - utcNow));
        }
    }

    /// <summary>Handles a 429 to a request whose tokens were taken at <paramref name="takenAt"/>: the group pauses, and its rate is lower afterwards.</summary>
    public void OnThrottled(TimeSpan takenAt, TimeSpan? retryAfter, TimeSpan now)
    {
        PauseUntil(now + (retryAfter ?? DefaultPause));
        _slowDown.OnThrottled(takenAt, now, PausedUntil);
    }

    /// <summary>Ends the pause. A lower rate stays until it has climbed back.</summary>
    public void Resume() => PausedUntil = TimeSpan.Zero;

    /// <summary>The group as its operator sees it.</summary>
    public LimitStatus StatusAt(TimeSpan now, DateTimeOffset utcNow) => new(
        Classes,
        RateLimitParser.Format(_settings.Limits),
        _slowDown.ShareAt(now) * _settings.Limits.Min(l => l.Permits / l.Window.TotalSeconds),
        _buckets.Min(b => b.Free(now)),
        PausedUntil > now ? utcNow + (PausedUntil - now) : null);

    /// <summary>The share of the tokens that are out, of the bucket with the largest share: 1 if a request must wait for one.</summary>
    public double UsedAt(TimeSpan now) => _buckets.Zip(_settings.Limits, (bucket, limit) => 1 - ((double)bucket.Free(now) / limit.Permits)).Max();

    private static int RoundUp(TimeSpan time) => (int)Math.Ceiling(time.TotalMilliseconds);

    private void PauseUntil(TimeSpan until) => PausedUntil = until > PausedUntil ? until : PausedUntil;
}
