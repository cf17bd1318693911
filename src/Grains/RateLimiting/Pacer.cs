using CioOrleans.Limits;

namespace CioOrleans.Grains.RateLimiting;

/// <summary>
/// Spreads requests over the window, so that a backlog is sent as a stream and not as N requests at once (GCRA, ITU-T I.371). The buckets keep the limit. The
/// pacer never lowers the rate: it is slightly faster than the limit, because otherwise free tokens would wait for it, and it may run ahead by its burst, which
/// makes up for a timer that fires late.
/// </summary>
public sealed class Pacer
{
    /// <summary>The pacer's rate as a multiple of the limit's.</summary>
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

    /// <summary>The time between two requests of a steady stream: window / (permits × <see cref="Lead"/>).</summary>
    public TimeSpan Interval { get; }

    /// <summary>The number of requests that may leave at once after a pause: about 2 % of the permits, at least 2.</summary>
    public int Burst { get; }

    /// <summary>The earliest moment for the next request.</summary>
    public TimeSpan NextAt => _idealNext - _tolerance;

    /// <summary>Records a request that leaves now.</summary>
    /// <param name="now">The caller's monotonic clock.</param>
    /// <param name="rate">The share of the full rate that is allowed: more than 0, at most 1.</param>
    public void Take(TimeSpan now, double rate)
    {
        var interval = rate < 1 ? Interval / rate : Interval;
        _idealNext = (now > _idealNext ? now : _idealNext) + interval;
    }

    /// <summary>Takes back a recorded request that was not sent.</summary>
    public void Refund() => _idealNext -= Interval;
}
