namespace CioOrleans.Grains.Workspaces;

/// <summary>The workspaces that live on this silo. Safe for use from all threads.</summary>
public sealed class LocalWorkspaces
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _names = [];
    private bool _isLeaving;

    /// <summary>Those that live here now, in order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _names.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Whether <see cref="Leave"/> was called.</summary>
    public bool IsLeaving
    {
        get
        {
            lock (_lock)
            {
                return _isLeaving;
            }
        }
    }

    /// <summary>This silo is about to stop: no workspace may settle here any more. Returns those that live here.</summary>
    public IReadOnlyList<string> Leave()
    {
        lock (_lock)
        {
            _isLeaving = true;
            return [.. _names];
        }
    }

    /// <summary>A workspace settles here. False where it must look for another silo.</summary>
    internal bool TryAdd(string workspace)
    {
        lock (_lock)
        {
            if (!_isLeaving)
            {
                _names.Add(workspace);
            }

            return !_isLeaving;
        }
    }

    internal void Remove(string workspace)
    {
        lock (_lock)
        {
            _names.Remove(workspace);
        }
    }
}

/// <summary>A workspace was to be placed on a silo that is about to stop; a repeat finds another.</summary>
[GenerateSerializer, Alias("cio.SiloLeavingException")]
public sealed class SiloLeavingException() : InvalidOperationException("This silo is about to stop and takes no workspace any more.");
