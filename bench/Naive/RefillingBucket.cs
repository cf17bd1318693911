using System.Diagnostics;

namespace CioOrleans.Bench.Naive;

/// <summary>The textbook's token bucket: it holds N tokens, starts full and refills at N/W.</summary>
internal sealed class RefillingBucket(int permits, TimeSpan window)
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private double _tokens = permits;
    private long _at = Stopwatch.GetTimestamp();

    public async Task TakeAsync(CancellationToken stop)
    {
        while (!TryTake())
        {
            await Task.Delay(_poll, stop);
        }
    }

    private bool TryTake()
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            _tokens = Math.Min(permits, _tokens + (Stopwatch.GetElapsedTime(_at, now) / window * permits));
            _at = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
