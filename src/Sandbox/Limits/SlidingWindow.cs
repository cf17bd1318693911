namespace CioOrleans.Sandbox.Limits;

/// <summary>
/// Admits at most <c>permits</c> in any half-open window <c>(t - window, t]</c>. Exact: it remembers the last <c>permits</c> that
/// it admitted, and there is room when the oldest of them has left the window. What was refused takes no room.
/// </summary>
/// <param name="permits">One or more.</param>
/// <param name="window">More than zero.</param>
internal sealed class SlidingWindow(int permits, TimeSpan window)
{
    private readonly TimeSpan[] _admitted = new TimeSpan[permits];
    private long _count;

    /// <summary>How long after <paramref name="now"/> there will be room; zero when there is room. <paramref name="now"/> never goes back.</summary>
    public TimeSpan WaitAt(TimeSpan now)
    {
        if (_count < _admitted.Length)
        {
            return TimeSpan.Zero;
        }

        var free = _admitted[_count % _admitted.Length] + window;
        return free > now ? free - now : TimeSpan.Zero;
    }

    /// <summary>Takes the room that <see cref="WaitAt"/> found at the same moment.</summary>
    public void Enter(TimeSpan now)
    {
        _admitted[_count % _admitted.Length] = now;
        _count++;
    }
}
