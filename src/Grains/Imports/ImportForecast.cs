namespace CioOrleans.Imports;

/// <summary>How fast an import's calls are settled, and when the last one will be. Times are the caller's clock, ever growing.</summary>
internal sealed class ImportForecast
{
    /// <summary>The first seconds are slower than the rest: connections are made, code is compiled, the pacer fills.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>No rate is told of a shorter stretch.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    /// <summary>Reports come a few times a second, and where requests are few and large every few seconds: one that is late by no more than this is no slowdown.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    /// <summary>What lies further back says nothing of the present rate.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Two halves of what was measured are one rate where they differ by no more than this share.</summary>
    public const double Agreement = 0.1;

    private readonly Queue<(TimeSpan At, long Settled)> _samples = new();
    private TimeSpan? _startedAt;
    private bool _isForetold;
    private TimeSpan _changedAt;
    private long _settled;

    /// <summary>Takes the number of calls settled so far.</summary>
    public void Add(TimeSpan now, long settled)
    {
        if (settled == _settled && _startedAt is not null)
        {
            return;
        }

        if (_startedAt is null || now - _changedAt > Longest)
        {
            // The first, or the first after a long silence: what was measured before it is of another time.
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

    /// <summary>How long nothing was settled.</summary>
    public TimeSpan QuietFor(TimeSpan now) => now - _changedAt;

    /// <summary>Calls a second; null before that can be told, and 0 while nothing moves.</summary>
    public double? Rate(TimeSpan now)
    {
        if (Measured < Shortest)
        {
            return null;
        }

        return now - _changedAt > Longest ? 0 : RateSince(_samples.Peek(), now);
    }

    /// <summary>
    /// How long until so many calls are settled; null before that can be told, and while nothing moves. A rate that still grows (a process that
    /// has just started) tells no end; where it goes on growing for half a minute, the end is told from the rate of late.
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

    /// <summary>Now, unless the next report is merely due.</summary>
    private TimeSpan Until(TimeSpan now) => now - _changedAt > Late ? now : _changedAt;

    private double RateSince((TimeSpan At, long Settled) sample, TimeSpan now) => (_settled - sample.Settled) / (Until(now) - sample.At).TotalSeconds;

    /// <summary>The sample in the middle of what was measured.</summary>
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
