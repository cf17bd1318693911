namespace CioOrleans.Retry;

/// <summary>What a workspace thinks of its upstream.</summary>
public enum WorkspaceMode
{
    /// <summary>Calls are delivered.</summary>
    Normal,

    /// <summary>Calls fail for everybody: only probes are sent.</summary>
    Outage,

    /// <summary>Customer.io refuses the workspace's settings (401, 403, a redirect): only probes are sent.</summary>
    Misconfigured,
}
