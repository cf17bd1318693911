using System.Diagnostics.CodeAnalysis;
using CioOrleans.Configuration;

namespace CioOrleans.Grains.Configuration;

/// <summary>The configured workspaces by name.</summary>
public sealed class WorkspaceCatalog(IReadOnlyList<WorkspaceSettings> workspaces)
{
    private readonly Dictionary<string, WorkspaceSettings> _byName = workspaces.ToDictionary(w => w.Name, StringComparer.Ordinal);

    public IReadOnlyList<WorkspaceSettings> All { get; } = workspaces;

    public bool TryFind(string name, [NotNullWhen(true)] out WorkspaceSettings? settings) => _byName.TryGetValue(name, out settings);

    /// <summary>The settings of a workspace that must exist.</summary>
    /// <exception cref="UnknownWorkspaceException">The workspace is not configured on this silo.</exception>
    public WorkspaceSettings Get(string name) => TryFind(name, out var settings) ? settings : throw new UnknownWorkspaceException(name);
}
