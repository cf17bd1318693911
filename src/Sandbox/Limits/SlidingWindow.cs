namespace CioOrleans.Sandbox.Limits;

/// <summary>
/// Admits at most <c>permits</c> in any half-open window <c>(t - window, t]</c>. It is exact: it stores the last <c>permits</c> admissions, and there is
/// room once the oldest of them has left the window. Refused requests are not counted.
/// </summary>
/// <param name="permits">The most admissions in any window, at least 1.</param>
/// <param name="window">The length of the window, more than zero.</param>
internal sealed class SlidingWindow(int permits, TimeSpan window)
{
    private readonly TimeSpan[] _admitted = new TimeSpan[permits];
    private long _count;

    /// <summary>The time from <paramref name="now"/> until there is room; zero if there is room. <paramref name="now"/> must not go back.</summary>
    public TimeSpan WaitAt(TimeSpan now)
    {
        if (_count < _admitted.Length)
        {
            return TimeSpan.Zero;
        }

        var free = _admitted[_count % _admitted.Length] + window;
        return free > now ? free - now : TimeSpan.Zero;
    }

    /// <summary>Counts an admission. Call it only if <see cref="WaitAt"/> returned zero for the same moment.</summary>
    public void Enter(TimeSpan now)
    {
        _admitted[_count % _admitted.Length] = now;
        _count++;
    }
}
