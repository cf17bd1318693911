using System.Diagnostics.CodeAnalysis;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Authentication;

/// <summary>Finds the configured workspaces for the front-end.</summary>
public interface IWorkspaceDirectory
{
    /// <summary>The workspace, if exactly one is configured; otherwise null.</summary>
    WorkspaceSettings? Only { get; }

    /// <summary>The workspaces that take calls of the browser SDK.</summary>
    IReadOnlyList<WorkspaceSettings> ServingBrowsers { get; }

    bool TryFindBySiteId(ReadOnlySpan<char> siteId, [NotNullWhen(true)] out WorkspaceSettings? workspace);

    /// <summary>Finds the workspace of an App API key. The time that it takes reveals nothing about a valid key.</summary>
    bool TryFindByAppApiKey(ReadOnlySpan<char> key, [NotNullWhen(true)] out WorkspaceSettings? workspace);

    /// <summary>Finds the workspace of a service account's token and a workspace id. The time that it takes reveals nothing about a valid token.</summary>
    bool TryFindByServiceToken(ReadOnlySpan<char> token, ReadOnlySpan<char> workspaceId, [NotNullWhen(true)] out WorkspaceSettings? workspace);

    /// <summary>Finds the workspace of a Pipelines write key. The time that it takes reveals nothing about a valid key.</summary>
    bool TryFindByWriteKey(ReadOnlySpan<char> key, [NotNullWhen(true)] out WorkspaceSettings? workspace);

    bool TryFindByName(string name, [NotNullWhen(true)] out WorkspaceSettings? workspace);
}
