namespace CioOrleans.Sandbox.Limits;

/// <summary>Applies every limit that names a request's class. The caller serialises calls and never goes back in time.</summary>
internal sealed class LimitEnforcer
{
    private readonly SlidingWindow[][] _byClass;

    public LimitEnforcer(IReadOnlyList<SandboxLimit> limits)
    {
        var windows = limits.Select(l => (l.Classes, Windows: l.Windows.Select(w => new SlidingWindow(w.Permits, w.Window)).ToArray())).ToArray();
        _byClass = [.. EndpointClassNames.All.Select(c => windows.Where(l => l.Classes.Contains(c)).SelectMany(l => l.Windows).ToArray())];
    }

    /// <summary>Zero when the request is admitted, and then it has taken its room; otherwise how long until there is room again.</summary>
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
