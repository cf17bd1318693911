using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>The real bucket with one rule broken: it starts as if no request had been sent before.</summary>
internal sealed class ForgetfulTokenBucket(RateLimit limit) : ITokenBucket
{
    private readonly TokenBucket _real = new(limit, TokenReturn.AfterResponse);

    public void Start(TimeSpan quietFrom) => _real.Start(quietFrom - limit.Window);

    public void Start(IReadOnlyList<TimeSpan> returnsAt) => _real.Start(returnsAt);

    public IReadOnlyList<TimeSpan> Returning(TimeSpan now) => _real.Returning(now);

    public int Free(TimeSpan now) => _real.Free(now);

    public TimeSpan? NextAt(TimeSpan now) => _real.NextAt(now);

    public void Take(TimeSpan now) => _real.Take(now);

    public void Sent(TimeSpan takenAt, TimeSpan sentAt) => _real.Sent(takenAt, sentAt);

    public void Return(TimeSpan takenAt, TimeSpan respondedAt, TimeSpan now) => _real.Return(takenAt, respondedAt, now);

    public void Refund(TimeSpan takenAt, TimeSpan now) => _real.Refund(takenAt, now);
}
