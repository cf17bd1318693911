namespace CioOrleans.Silo.Health;

/// <summary>Whether this process should receive calls. Set from any thread when its parts start and stop.</summary>
public sealed class Readiness
{
    private volatile bool _isStorageOpen;
    private volatile bool _areWorkspacesStarted;
    private volatile bool _isDraining;

    /// <summary>Whether accepted calls can be stored.</summary>
    public bool IsStorageOpen
    {
        get => _isStorageOpen;
        set => _isStorageOpen = value;
    }

    /// <summary>Whether every workspace has its owner.</summary>
    public bool AreWorkspacesStarted
    {
        get => _areWorkspacesStarted;
        set => _areWorkspacesStarted = value;
    }

    /// <summary>Whether the process is stopping.</summary>
    public bool IsDraining
    {
        get => _isDraining;
        set => _isDraining = value;
    }
}
