namespace CioOrleans.RateLimiting;

/// <summary>
/// Spreads requests over the window, so that a backlog leaves as a stream and not as N at once (GCRA, ITU-T I.371). The limit
/// itself is kept by the buckets, and the pacer never costs rate: it is a little faster than they are, or tokens would queue here,
/// and it may run ahead by its burst, so that a timer that fires late is caught up with.
/// </summary>
public sealed class Pacer
{
    /// <summary>How much faster than the limit it lets requests go.</summary>
    public const double Lead = 1.05;

    private readonly TimeSpan _tolerance;
    private TimeSpan _idealNext;

    public Pacer(RateLimit limit)
    {
        Interval = limit.Window / (limit.Permits * Lead);
        Burst = Math.Max(2, limit.Permits / 50);
        _tolerance = Interval * (Burst - 1);
    }

    /// <summary>The pacer of the tightest of several limits, the one with the longest interval.</summary>
    public static Pacer ForTightest(IReadOnlyList<RateLimit> limits) => new(limits.MaxBy(l => l.Window / l.Permits)!);

    /// <summary>Between two requests of a steady stream: window / permits, less the lead.</summary>
    public TimeSpan Interval { get; }

    /// <summary>Requests that may leave at once after a pause: about 2 % of the permits, at least 2.</summary>
    public int Burst { get; }

    /// <summary>The next request may leave from here on.</summary>
    public TimeSpan NextAt => _idealNext - _tolerance;

    /// <summary>A request leaves now.</summary>
    /// <param name="now">The caller's monotonic clock.</param>
    /// <param name="rate">The share of the full rate that is allowed: more than 0, at most 1.</param>
    public void Take(TimeSpan now, double rate)
    {
        var interval = rate < 1 ? Interval / rate : Interval;
        _idealNext = (now > _idealNext ? now : _idealNext) + interval;
    }

    /// <summary>A request that was counted has not left after all.</summary>
    public void Refund() => _idealNext -= Interval;
}
