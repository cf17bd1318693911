using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Authentication;

/// <summary>A fixed list of workspaces. Names and site ids are unique in it.</summary>
public sealed class WorkspaceDirectory : IWorkspaceDirectory
{
    private readonly FrozenDictionary<string, WorkspaceSettings> _byName;
    private readonly FrozenDictionary<string, WorkspaceSettings>.AlternateLookup<ReadOnlySpan<char>> _bySiteId;
    private readonly KeyDirectory _byAppApiKey;
    private readonly KeyDirectory _byServiceToken;
    private readonly KeyDirectory _byWriteKey;

    public WorkspaceDirectory(IReadOnlyList<WorkspaceSettings> workspaces)
    {
        _byName = workspaces.ToFrozenDictionary(w => w.Name, StringComparer.Ordinal);
        _bySiteId = workspaces.ToFrozenDictionary(w => w.SiteId, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _byAppApiKey = new KeyDirectory(workspaces, w => w.AppApiKey);
        _byServiceToken = new KeyDirectory(workspaces, w => w.ServiceToken is { } token ? PairOf(token, w.WorkspaceId) : null);
        _byWriteKey = new KeyDirectory(workspaces, w => w.PipelinesWriteKey);
        ServingBrowsers = [.. workspaces.Where(w => w.Browser is not null)];
        Only = workspaces.Count == 1 ? workspaces[0] : null;
    }

    public WorkspaceSettings? Only { get; }

    public IReadOnlyList<WorkspaceSettings> ServingBrowsers { get; }

    public bool TryFindBySiteId(ReadOnlySpan<char> siteId, [NotNullWhen(true)] out WorkspaceSettings? workspace) =>
        _bySiteId.TryGetValue(siteId, out workspace);

    public bool TryFindByAppApiKey(ReadOnlySpan<char> key, [NotNullWhen(true)] out WorkspaceSettings? workspace) =>
        _byAppApiKey.TryFind(key, out workspace);

    public bool TryFindByServiceToken(ReadOnlySpan<char> token, ReadOnlySpan<char> workspaceId, [NotNullWhen(true)] out WorkspaceSettings? workspace) =>
        _byServiceToken.TryFind(PairOf(token, workspaceId), out workspace);

    public bool TryFindByWriteKey(ReadOnlySpan<char> key, [NotNullWhen(true)] out WorkspaceSettings? workspace) =>
        _byWriteKey.TryFind(key, out workspace);

    /// <summary>One token may be valid for several workspaces. Neither part can hold a line break.</summary>
    private static string PairOf(ReadOnlySpan<char> token, ReadOnlySpan<char> workspaceId) => $"{token}\n{workspaceId}";

    public bool TryFindByName(string name, [NotNullWhen(true)] out WorkspaceSettings? workspace) =>
        _byName.TryGetValue(name, out workspace);
}
