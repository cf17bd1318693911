using System.Collections.Concurrent;

namespace CioOrleans.Grains.Diagnostics;

/// <summary>One registration of a workspace's gauges.</summary>
internal sealed class WorkspaceWatch(string workspace, Func<WorkspaceGauges> read, Func<LeaseGauges?> readLease, ConcurrentDictionary<string, WorkspaceWatch> watches) : IDisposable
{
    public KeyValuePair<string, object?> Label { get; } = new("workspace", workspace);

    public WorkspaceGauges Read() => read();

    public LeaseGauges? ReadLease() => readLease();

    /// <summary>Removes this watch, but not a watch that has replaced it.</summary>
    public void Dispose() => watches.TryRemove(KeyValuePair.Create(workspace, this));
}
