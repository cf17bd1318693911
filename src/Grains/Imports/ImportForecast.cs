namespace CioOrleans.Grains.Imports;

/// <summary>The rate at which an import's calls end, and when the last one will end. Times are on the caller's monotonic clock.</summary>
internal sealed class ImportForecast
{
    /// <summary>The time that is not measured. The first seconds are slower: connections are opened, code is compiled, the pacer fills.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>The shortest time over which a rate is measured.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How late a report may be before it counts as a slowdown. Reports come a few times a second, or every few seconds if requests are few and large.
    /// </summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    /// <summary>The longest time over which a rate is measured. Older samples say nothing about the present rate.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The maximum difference between the rates of the two halves of the measured time, as a share, for which they count as equal.</summary>
    public const double Agreement = 0.1;

    private readonly Queue<(TimeSpan At, long Settled)> _samples = new();
    private TimeSpan? _startedAt;
    private bool _isForetold;
    private TimeSpan _changedAt;
    private long _settled;

    /// <summary>Adds a sample: the number of calls that have ended so far.</summary>
    public void Add(TimeSpan now, long settled)
    {
        if (settled == _settled && _startedAt is not null)
        {
            return;
        }

        if (_startedAt is null || now - _changedAt > Longest)
        {
            // The first sample, or the first after a long silence: older samples are no longer representative.
            _startedAt = now;
            _samples.Clear();
            _isForetold = false;
        }

        (_changedAt, _settled) = (now, settled);
        if (now - _startedAt >= WarmUp)
        {
            _samples.Enqueue((now, settled));
        }

        while (_samples.Count > 2 && now - _samples.Peek().At > Longest)
        {
            _samples.Dequeue();
        }

        _isForetold = _isForetold || (Measured >= Shortest && (now - _startedAt >= WarmUp + Longest || Agrees(HalfTime(now), now)));
    }

    /// <summary>The time since a call last ended.</summary>
    public TimeSpan QuietFor(TimeSpan now) => now - _changedAt;

    /// <summary>Calls per second; null until the rate is known, and 0 while no call ends.</summary>
    public double? Rate(TimeSpan now)
    {
        if (Measured < Shortest)
        {
            return null;
        }

        return now - _changedAt > Longest ? 0 : RateSince(_samples.Peek(), now);
    }

    /// <summary>
    /// The time until <paramref name="remaining"/> more calls have ended; null until it is known, and while no call ends. While the rate still grows (a process
    /// that has just started) the end is not known. If the rate grows for more than half a minute, the rate of the later half of the samples is used.
    /// </summary>
    public TimeSpan? EndsIn(TimeSpan now, double remaining)
    {
        if (!_isForetold || remaining <= 0 || Rate(now) is not > 0)
        {
            return null;
        }

        var half = HalfTime(now);
        var rate = RateSince(Agrees(half, now) ? _samples.Peek() : half, now);
        var since = now - _changedAt;
        return rate > 0 && remaining / rate < TimeSpan.FromDays(3650).TotalSeconds
            ? TimeSpan.FromSeconds(Math.Max(0, (remaining / rate) - (since < Late ? since.TotalSeconds : 0)))
            : null;
    }

    private TimeSpan Measured => _samples.TryPeek(out var first) ? _changedAt - first.At : TimeSpan.Zero;

    /// <summary>Now, or the time of the last report if the next one is not late.</summary>
    private TimeSpan Until(TimeSpan now) => now - _changedAt > Late ? now : _changedAt;

    private double RateSince((TimeSpan At, long Settled) sample, TimeSpan now) => (_settled - sample.Settled) / (Until(now) - sample.At).TotalSeconds;

    /// <summary>The sample in the middle of the measured time.</summary>
    private (TimeSpan At, long Settled) HalfTime(TimeSpan now)
    {
        var first = _samples.Peek();
        var middle = first.At + ((Until(now) - first.At) / 2);
        return _samples.LastOrDefault(sample => sample.At <= middle, first);
    }

    private bool Agrees((TimeSpan At, long Settled) half, TimeSpan now)
    {
        var first = _samples.Peek();
        var (earlier, later) = ((half.Settled - first.Settled) / (half.At - first.At).TotalSeconds, RateSince(half, now));
        return Math.Abs(later - earlier) <= Agreement * Math.Max(later, earlier);
    }
}
