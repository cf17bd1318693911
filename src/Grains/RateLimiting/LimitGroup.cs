using CioOrleans.Configuration;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.RateLimiting;

/// <summary>
/// The classes that share limits: a request must get a token from each bucket, and pass the pacer and the pause. Every moment is
/// on the caller's monotonic clock. Not thread-safe.
/// </summary>
public sealed class LimitGroup
{
    /// <summary>How long a 429 without <c>Retry-After</c> stops the group.</summary>
    public static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(60);

    private readonly LimitGroupSettings _settings;
    private readonly string[] _classNames;
    private readonly ITokenBucket[] _buckets;
    private readonly Pacer _pacer;
    private readonly SlowDown _slowDown = new();

    /// <summary>A group without tokens: they come with <see cref="Start(TimeSpan)"/>.</summary>
    public LimitGroup(LimitGroupSettings settings, Func<RateLimit, ITokenBucket> newBucket)
    {
        _settings = settings;
        _classNames = [.. settings.Classes.Select(c => c.ToName()).Order(StringComparer.Ordinal)];
        _buckets = [.. settings.Limits.Select(newBucket)];
        _pacer = Pacer.ForTightest(settings.Limits);
    }

    public IReadOnlyList<LimitClass> Classes => _settings.Classes;

    /// <summary>Nothing of the group is sent before; in the past when it is not paused.</summary>
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
    /// Opens the group behind a predecessor that has handed over. The tokens go on only where a schedule is of the same classes and the
    /// same limits. In every other case the group may share requests with several of the predecessor's groups, so it starts without tokens.
    /// A pause of any of its classes goes on in both cases.
    /// </summary>
    /// <param name="schedules">One a limit group of the predecessor; its groups may be others.</param>
    /// <param name="madeAt">When they were made, on this clock; rather too late than too early.</param>
    public void Start(IReadOnlyList<LimitSchedule> schedules, TimeSpan madeAt)
    {
        var limits = RateLimitParser.Format(_settings.Limits);
        var same = schedules.FirstOrDefault(s => s.Classes is not null && s.Classes.SequenceEqual(_classNames) && s.Limits == limits && s.Buckets.Count == _buckets.Length);
        if (same is null)
        {
            Start(madeAt);
        }
        else
        {
            for (var i = 0; i < _buckets.Length; i++)
            {
                _buckets[i].Start([.. same.Buckets[i].Select(offset => madeAt + TimeSpan.FromMilliseconds(offset))]);
            }
        }

        foreach (var schedule in schedules.Where(s => s.Classes is null || s.Classes.Intersect(_classNames).Any()))
        {
            PauseUntil(madeAt + TimeSpan.FromMilliseconds(schedule.PausedFor));
        }
    }

    /// <summary>What a successor must know; only once nothing of the group is under way any more.</summary>
    public LimitSchedule ScheduleAt(TimeSpan now) => new(
        RateLimitParser.Format(_settings.Limits),
        Math.Max(0, RoundUp(PausedUntil - now)),
        [.. _buckets.Select(bucket => (IReadOnlyList<int>)[.. bucket.Returning(now).Select(moment => RoundUp(moment - now))])],
        _classNames);

    /// <summary>From when on a request may be sent: not later than <paramref name="now"/> if at once, null if only the end of a request can change that.</summary>
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

    /// <summary>Takes what one request needs, or nothing.</summary>
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

    /// <summary>A request taken at <paramref name="takenAt"/> has ended, at <paramref name="respondedAt"/>.</summary>
    public void Return(TimeSpan takenAt, TimeSpan respondedAt, TimeSpan now)
    {
        foreach (var bucket in _buckets)
        {
            bucket.Return(takenAt, respondedAt, now);
        }
    }

    /// <summary>A request taken at <paramref name="takenAt"/> was not sent after all.</summary>
    public void Refund(TimeSpan takenAt, TimeSpan now)
    {
        foreach (var bucket in _buckets)
        {
            bucket.Refund(takenAt, now);
        }

        _pacer.Refund();
    }

    /// <summary>A response says how much is left: nothing left stops the group until the reset.</summary>
    public void OnSignal(RateLimitSignal signal, TimeSpan now, DateTimeOffset utcNow)
    {
        if (signal is { Remaining: 0, ResetAt: { } resetAt })
        {
            PauseUntil(now + (resetAt - utcNow));
        }
    }

    /// <summary>429 to a request taken at <paramref name="takenAt"/>: the group stops, then goes on slower.</summary>
    public void OnThrottled(TimeSpan takenAt, TimeSpan? retryAfter, TimeSpan now)
    {
        PauseUntil(now + (retryAfter ?? DefaultPause));
        _slowDown.OnThrottled(takenAt, now, PausedUntil);
    }

    /// <summary>Ends the pause. The lower rate stays until it has climbed back.</summary>
    public void Resume() => PausedUntil = TimeSpan.Zero;

    /// <summary>The group as its operator sees it.</summary>
    public LimitStatus StatusAt(TimeSpan now, DateTimeOffset utcNow) => new(
        Classes,
        RateLimitParser.Format(_settings.Limits),
        _slowDown.ShareAt(now) * _settings.Limits.Min(l => l.Permits / l.Window.TotalSeconds),
        _buckets.Min(b => b.Free(now)),
        PausedUntil > now ? utcNow + (PausedUntil - now) : null);

    private static int RoundUp(TimeSpan time) => (int)Math.Ceiling(time.TotalMilliseconds);

    private void PauseUntil(TimeSpan until) => PausedUntil = until > PausedUntil ? until : PausedUntil;
}
