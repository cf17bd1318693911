namespace CioOrleans.Silo.Hosting;

/// <summary>Whether this process should get traffic: its workspaces are owned, and it is not about to stop.</summary>
public sealed class Readiness
{
    private volatile bool _workspacesStarted;
    private volatile bool _draining;

    public bool IsReady => _workspacesStarted && !_draining;

    /// <summary>For people: why it is not ready; null when it is.</summary>
    public string? Reason => _draining ? "draining" : _workspacesStarted ? null : "starting";

    internal void WorkspacesStarted() => _workspacesStarted = true;

    internal void Drain() => _draining = true;
}
