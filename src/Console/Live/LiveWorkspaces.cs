using System.Collections.Concurrent;

namespace CioOrleans.Console.Live;

/// <summary>The live data of all workspaces, shared by everybody who looks.</summary>
internal sealed class LiveWorkspaces(IGrainFactory grains, TimeProvider time, ILogger<LiveWorkspaces> logger)
{
    private readonly ConcurrentDictionary<string, LiveWorkspace> _workspaces = new(StringComparer.Ordinal);

    public LiveWorkspace Of(string workspace) => _workspaces.GetOrAdd(workspace, name => new LiveWorkspace(name, grains, time, logger));
}
