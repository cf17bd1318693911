using CioOrleans.Calls;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Authentication;

/// <summary>Finds the workspace that a request belongs to by the App API's bearer key, or by a service account's token with <c>X-Workspace-Id</c>.</summary>
internal sealed class BearerAuthenticator(IWorkspaceDirectory workspaces)
{
    private const string Scheme = "Bearer ";

    /// <summary>The workspace; null if the credentials are wrong or missing.</summary>
    public WorkspaceSettings? Authenticate(IHeaderDictionary headers)
    {
        if (headers.Authorization is not [{ } value] || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var key = value.AsSpan(Scheme.Length).Trim();
        return workspaces.TryFindByAppApiKey(key, out var workspace)
            || (headers[CallRules.WorkspaceId] is [{ } id] && workspaces.TryFindByServiceToken(key, id.AsSpan().Trim(), out workspace))
                ? workspace
                : null;
    }
}
