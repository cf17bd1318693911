namespace CioOrleans.Health;

/// <summary>Whether this process should be sent calls. Set by what starts and stops its parts, from any thread.</summary>
public sealed class Readiness
{
    private volatile bool _isStorageOpen;
    private volatile bool _areWorkspacesStarted;
    private volatile bool _isDraining;

    /// <summary>Accepted calls can be stored.</summary>
    public bool IsStorageOpen
    {
        get => _isStorageOpen;
        set => _isStorageOpen = value;
    }

    /// <summary>Every workspace has its owner.</summary>
    public bool AreWorkspacesStarted
    {
        get => _areWorkspacesStarted;
        set => _areWorkspacesStarted = value;
    }

    /// <summary>The process is stopping.</summary>
    public bool IsDraining
    {
        get => _isDraining;
        set => _isDraining = value;
    }
}
