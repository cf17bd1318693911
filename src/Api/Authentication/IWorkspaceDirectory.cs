using System.Diagnostics.CodeAnalysis;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Authentication;

/// <summary>The configured workspaces, as the front-end looks them up.</summary>
public interface IWorkspaceDirectory
{
    /// <summary>The workspace where exactly one is configured; otherwise null.</summary>
    WorkspaceSettings? Only { get; }

    bool TryFindBySiteId(ReadOnlySpan<char> siteId, [NotNullWhen(true)] out WorkspaceSettings? workspace);

    /// <summary>Finds the workspace of an App API key, in a time that says nothing about the key.</summary>
    bool TryFindByAppApiKey(ReadOnlySpan<char> key, [NotNullWhen(true)] out WorkspaceSettings? workspace);

    /// <summary>Finds the workspace of a Pipelines write key, in a time that says nothing about the key.</summary>
    bool TryFindByWriteKey(ReadOnlySpan<char> key, [NotNullWhen(true)] out WorkspaceSettings? workspace);

    bool TryFindByName(string name, [NotNullWhen(true)] out WorkspaceSettings? workspace);
}
