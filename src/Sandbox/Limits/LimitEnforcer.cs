namespace CioOrleans.Sandbox.Limits;

/// <summary>Applies every limit that names a request's class. Not thread-safe. The caller's clock must not go back.</summary>
internal sealed class LimitEnforcer
{
    private readonly SlidingWindow[][] _byClass;

    public LimitEnforcer(IReadOnlyList<SandboxLimit> limits)
    {
        var windows = limits.Select(l => (l.Classes, Windows: l.Windows.Select(w => new SlidingWindow(w.Permits, w.Window)).ToArray())).ToArray();
        _byClass = [.. EndpointClassNames.All.Select(c => windows.Where(l => l.Classes.Contains(c)).SelectMany(l => l.Windows).ToArray())];
    }

    /// <summary>Admits a request if every limit has room, and counts it. Returns zero if it is admitted; otherwise the time until there is room.</summary>
    public TimeSpan Admit(EndpointClass endpointClass, TimeSpan now)
    {
        var windows = _byClass[(int)endpointClass];
        var wait = TimeSpan.Zero;
        foreach (var window in windows)
        {
            var own = window.WaitAt(now);
            wait = own > wait ? own : wait;
        }

        if (wait == TimeSpan.Zero)
        {
            foreach (var window in windows)
            {
                window.Enter(now);
            }
        }

        return wait;
    }
}
