namespace CioOrleans.RateLimiting;

/// <summary>
/// A bucket whose tokens come back one window after their request ended (<see cref="TokenReturn.AfterResponse"/>) or was sent
/// (<see cref="TokenReturn.AfterSend"/>), and in no other way: there is no refill. A request arrives between its sending and its
/// response, so in the first mode the token's next request arrives at least a window later than this one, whatever the
/// network does: no more than N requests can arrive within a window.
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
        // The way to the network may be long, above all for the first requests of a process: the window counts from its end.
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
            // A response cannot precede its request: whoever dates it earlier would free the token too early.
            _returning.Add((respondedAt > takenAt ? respondedAt : takenAt) + _hold);
        }
    }

    /// <inheritdoc/>
    public void Refund(TimeSpan takenAt, TimeSpan now)
    {
        // After sending, the token is already on its way back: it is free again now only if it has not come back yet.
        if (_mode == TokenReturn.AfterResponse || _returning.Remove(takenAt + _hold))
        {
            _free++;
        }
    }

    /// <summary>
    /// Added to the window where the token comes back after sending: it absorbs the smaller part of the network's jitter. Half the gap
    /// between two requests at the full rate: a jitter below that lets none of them into the window before.
    /// </summary>
    private static TimeSpan GuardOf(RateLimit limit)
    {
        var half = limit.Window / limit.Permits / 2;
        return half < _leastGuard ? _leastGuard : half > _mostGuard ? _mostGuard : half;
    }
}
