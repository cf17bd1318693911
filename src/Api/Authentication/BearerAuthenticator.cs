using CioOrleans.Configuration;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Api.Authentication;

/// <summary>Finds the workspace that a request belongs to by the App API's bearer key.</summary>
internal sealed class BearerAuthenticator(IWorkspaceDirectory workspaces)
{
    private const string Scheme = "Bearer ";

    /// <summary>The workspace; null if the key is wrong or missing.</summary>
    public WorkspaceSettings? Authenticate(StringValues header) =>
        header.Count == 1
        && header[0] is { } value
        && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && workspaces.TryFindByAppApiKey(value.AsSpan(Scheme.Length).Trim(), out var workspace)
            ? workspace
            : null;
}
