namespace CioOrleans.Simulation;

/// <summary>Counts exactly what happened within every window that ends with an event: if any window holds more, one of these does.</summary>
internal sealed class ArrivalWindow(TimeSpan window)
{
    private readonly Queue<long> _recent = new();

    /// <summary>The most that ever fell into one window, its start excluded: two events a whole window apart do not share one.</summary>
    public int Most { get; private set; }

    public TimeSpan Length => window;

    public int Add(TimeSpan now)
    {
        while (_recent.TryPeek(out var oldest) && now.Ticks - oldest >= window.Ticks)
        {
            _recent.Dequeue();
        }

        _recent.Enqueue(now.Ticks);
        Most = Math.Max(Most, _recent.Count);
        return _recent.Count;
    }
}
