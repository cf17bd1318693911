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

    private readonly Queue<(TimeSpan At, long Settled)> _samples = new();
    private TimeSpan? _startedAt;
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
    }

    /// <summary>How long nothing was settled.</summary>
    public TimeSpan QuietFor(TimeSpan now) => now - _changedAt;

    /// <summary>Calls a second; null before that can be told, and 0 while nothing moves.</summary>
    public double? Rate(TimeSpan now)
    {
        if (!_samples.TryPeek(out var first) || _changedAt - first.At < Shortest)
        {
            return null;
        }

        var until = now - _changedAt > Late ? now : _changedAt;
        return now - _changedAt > Longest ? 0 : (_settled - first.Settled) / (until - first.At).TotalSeconds;
    }

    /// <summary>How long until so many calls are settled; null before that can be told, and while nothing moves.</summary>
    public TimeSpan? EndsIn(TimeSpan now, double remaining)
    {
        var (rate, since) = (Rate(now), now - _changedAt);
        return rate is > 0 && remaining > 0 && remaining / rate.Value < TimeSpan.FromDays(3650).TotalSeconds
            ? TimeSpan.FromSeconds(Math.Max(0, (remaining / rate.Value) - (since < Late ? since.TotalSeconds : 0)))
            : null;
    }
}
