using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>The token bucket of the textbooks: N tokens at most, refilled evenly at N per window. It admits up to 2N in some window.</summary>
internal sealed class TextbookTokenBucket(RateLimit limit) : ITokenBucket
{
    private readonly TimeSpan _interval = limit.Window / limit.Permits;
    private TimeSpan _fullAt;

    public void Start(TimeSpan quietFrom) => _fullAt = quietFrom + limit.Window;

    public void Start(IReadOnlyList<TimeSpan> returnsAt) => _fullAt = returnsAt.Count == 0 ? TimeSpan.Zero : returnsAt[^1];

    public IReadOnlyList<TimeSpan> Returning(TimeSpan now) => _fullAt > now ? [_fullAt] : [];

    public int Free(TimeSpan now) => limit.Permits - (int)Math.Ceiling((_fullAt > now ? _fullAt - now : TimeSpan.Zero) / _interval);

    public TimeSpan? NextAt(TimeSpan now)
    {
        var next = _fullAt - (_interval * (limit.Permits - 1));
        return next > now ? next : now;
    }

    public void Take(TimeSpan now) => _fullAt = (_fullAt > now ? _fullAt : now) + _interval;

    public void Sent(TimeSpan takenAt, TimeSpan sentAt)
    {
    }

    public void Return(TimeSpan takenAt, TimeSpan respondedAt, TimeSpan now)
    {
    }

    public void Refund(TimeSpan takenAt, TimeSpan now) => _fullAt -= _interval;
}
