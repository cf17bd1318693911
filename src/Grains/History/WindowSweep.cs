using CioOrleans.Limits;

namespace CioOrleans.Grains.History;

/// <summary>
/// The most requests that any window of one length can have held. A request that arrived between <c>sent</c> and <c>ended</c> can be in the window that begins
/// at <c>t</c> if <c>sent - length &lt; t &lt;= ended</c>. So the answer is the greatest number of such intervals with a common <c>t</c>. Requests come by their
/// ends, the latest first: each new one has the earliest end, so the intervals that share its end are those of the earlier ones that begin before it.
/// Memory: one number for each request that can share a window with the newest.
/// </summary>
internal sealed class WindowSweep(RateLimit limit)
{
    private readonly long _length = limit.Window.Ticks / TimeSpan.TicksPerMicrosecond;

    // By the time of sending, the latest first.
    private readonly PriorityQueue<long, long> _live = new();

    public RateLimit Limit => limit;

    /// <summary>A request whose bounds are rounded by more tells too little of where it was in a window, in microseconds.</summary>
    public long MostPrecision => _length / 20;

    /// <summary>The most so far.</summary>
    public int Most { get; private set; }

    /// <summary>The end with which <see cref="Most"/> was reached.</summary>
    public long MostAt { get; private set; }

    /// <summary>Adds a request. Its end is not later than that of any before.</summary>
    public void Add(long sent, long ended)
    {
        while (_live.TryPeek(out var latest, out _) && latest >= ended + _length)
        {
            _live.Dequeue();
        }

        _live.Enqueue(sent, -sent);
        if (_live.Count > Most)
        {
            (Most, MostAt) = (_live.Count, ended);
        }
    }

    /// <summary>What was added before shares no window with what comes.</summary>
    public void Restart() => _live.Clear();
}
