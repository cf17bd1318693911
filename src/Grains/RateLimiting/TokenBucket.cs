using CioOrleans.Limits;

namespace CioOrleans.Grains.RateLimiting;

/// <summary>
/// A bucket whose tokens return one window after their request ended (<see cref="TokenReturn.AfterResponse"/>) or was sent
/// (<see cref="TokenReturn.AfterSend"/>). There is no other refill. A request arrives between its sending and its response. So in the first mode the next
/// request with the same token arrives at least a window later, whatever the network does, and no more than N requests can arrive within a window.
/// </summary>
public sealed class TokenBucket : ITokenBucket
{
    private static readonly TimeSpan _leastGuard = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _mostGuard = TimeSpan.FromMilliseconds(5);

    private readonly RateLimit _limit;
    private readonly TokenReturn _mode;
    private readonly TimeSpan _hold;
    private readonly ReturnQueue _returning;
    private int _free;

    public TokenBucket(RateLimit limit, TokenReturn mode)
    {
        _limit = limit;
        _mode = mode;
        _hold = mode == TokenReturn.AfterSend ? limit.Window + GuardOf(limit) : limit.Window;
        _returning = new ReturnQueue(limit.Permits);
    }

    /// <inheritdoc/>
    public void Start(TimeSpan quietFrom)
    {
        for (var token = 0; token < _limit.Permits; token++)
        {
            _returning.Add(quietFrom + _limit.Window);
        }
    }

    /// <inheritdoc/>
    public void Start(IReadOnlyList<TimeSpan> returnsAt)
    {
        foreach (var moment in returnsAt)
        {
            _returning.Add(moment);
        }

        _free = _limit.Permits - returnsAt.Count;
    }

    /// <inheritdoc/>
    public IReadOnlyList<TimeSpan> Returning(TimeSpan now)
    {
        Free(now);
        return _returning.ToArray();
    }

    /// <inheritdoc/>
    public int Free(TimeSpan now) => _free += _returning.RemoveDue(now);

    /// <inheritdoc/>
    public TimeSpan? NextAt(TimeSpan now) =>
        Free(now) > 0 ? now
        : _returning.Count > 0 ? _returning.First
        : null;

    /// <inheritdoc/>
    public void Take(TimeSpan now)
    {
        if (Free(now) == 0)
        {
            throw new InvalidOperationException("There is no token to take.");
        }

        _free--;
        if (_mode == TokenReturn.AfterSend)
        {
            _returning.Add(now + _hold);
        }
    }

    /// <inheritdoc/>
    public void Sent(TimeSpan takenAt, TimeSpan sentAt)
    {
        // The time between taking a token and writing the request may be long, above all for a process's first requests. The window starts with the writing.
        if (_mode == TokenReturn.AfterSend && sentAt > takenAt && _returning.Remove(takenAt + _hold))
        {
            _returning.Add(sentAt + _hold);
        }
    }

    /// <inheritdoc/>
    public void Return(TimeSpan takenAt, TimeSpan respondedAt, TimeSpan now)
    {
        if (_mode == TokenReturn.AfterResponse)
        {
            // A response cannot precede its request. An earlier date would free the token too early.
            _returning.Add((respondedAt > takenAt ? respondedAt : takenAt) + _hold);
        }
    }

    /// <inheritdoc/>
    public void Refund(TimeSpan takenAt, TimeSpan now)
    {
        // With AfterSend the token is already in the queue. It is freed only if it has not returned yet.
        if (_mode == TokenReturn.AfterResponse || _returning.Remove(takenAt + _hold))
        {
            _free++;
        }
    }

    /// <summary>
    /// The guard that AfterSend adds to the window. It absorbs small jitter of the network: it is half the gap between two requests at the full rate, and a
    /// jitter below that moves no request into the window before. At least 1 ms, at most 5 ms.
    /// </summary>
    private static TimeSpan GuardOf(RateLimit limit)
    {
        var half = limit.Window / limit.Permits / 2;
        return half < _leastGuard ? _leastGuard : half > _mostGuard ? _mostGuard : half;
    }
}
