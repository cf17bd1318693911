namespace CioOrleans.RateLimiting;

/// <summary>The share of the full rate that is used: it falls with a 429 and climbs back by and by.</summary>
public sealed class SlowDown
{
    /// <summary>What a 429 leaves of the rate.</summary>
    public const double Fall = 0.5;

    /// <summary>It never falls below this share.</summary>
    public const double Floor = 1.0 / 16;

    /// <summary>What is added every second, as a share of the full rate.</summary>
    public const double ClimbPerSecond = 0.1;

    private double _share = 1;
    private TimeSpan _climbsFrom;
    private TimeSpan _fellAt = TimeSpan.MinValue;

    public double ShareAt(TimeSpan now) =>
        _share >= 1 || now <= _climbsFrom ? _share : Math.Min(1, _share + (ClimbPerSecond * (now - _climbsFrom).TotalSeconds));

    /// <summary>A request sent at <paramref name="sentAt"/> was answered with 429; nothing is sent before <paramref name="resumesAt"/>.</summary>
    public void OnThrottled(TimeSpan sentAt, TimeSpan now, TimeSpan resumesAt)
    {
        // What was under way when the rate fell says nothing about the lower rate: a volley of 429s counts once.
        if (sentAt >= _fellAt)
        {
            _share = Math.Max(Floor, ShareAt(now) * Fall);
            _fellAt = now;
        }

        _climbsFrom = resumesAt;
    }
}
