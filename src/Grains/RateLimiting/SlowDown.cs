namespace CioOrleans.Grains.RateLimiting;

/// <summary>The share of the full rate that is used. It falls with a 429 and climbs back over time.</summary>
public sealed class SlowDown
{
    /// <summary>The factor by which a 429 lowers the share.</summary>
    public const double Fall = 0.5;

    /// <summary>The lowest share.</summary>
    public const double Floor = 1.0 / 16;

    /// <summary>The increase per second, as a share of the full rate.</summary>
    public const double ClimbPerSecond = 0.1;

    private double _share = 1;
    private TimeSpan _climbsFrom;
    private TimeSpan _fellAt = TimeSpan.MinValue;

    public double ShareAt(TimeSpan now) =>
        _share >= 1 || now <= _climbsFrom ? _share : Math.Min(1, _share + (ClimbPerSecond * (now - _climbsFrom).TotalSeconds));

    /// <summary>Handles a 429 to a request sent at <paramref name="sentAt"/>. Nothing is sent before <paramref name="resumesAt"/>.</summary>
    public void OnThrottled(TimeSpan sentAt, TimeSpan now, TimeSpan resumesAt)
    {
        // Requests that were in flight when the rate fell say nothing about the lower rate, so a burst of 429s counts once.
        if (sentAt >= _fellAt)
        {
            _share = Math.Max(Floor, ShareAt(now) * Fall);
            _fellAt = now;
        }

        _climbsFrom = resumesAt;
    }
}
