using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CioOrleans.Api.Answers;
using CioOrleans.Configuration;
using CioOrleans.Silo.Configuration;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Api.Authentication;

/// <summary>Finds the workspace that a request belongs to by the Track API's Basic credentials.</summary>
internal sealed class CallerAuthenticator(IWorkspaceDirectory workspaces, ApiSettings settings)
{
    private static readonly Refusal _unauthorized = new(StatusCodes.Status401Unauthorized, "Unauthorized request");

    private static readonly Refusal _ambiguous = new(
        StatusCodes.Status401Unauthorized,
        "Unauthorized request: several workspaces are configured and this one carries no credentials. Send the workspace's site id and API key, or set Dispatcher:Api:DefaultWorkspace.");

    private readonly WorkspaceSettings? _default = FindDefault(workspaces, settings);

    /// <summary>The workspace; null if the request is refused.</summary>
    /// <param name="header">The <c>Authorization</c> header.</param>
    /// <param name="required">False if the path is open to callers without credentials. Wrong credentials are refused even then.</param>
    /// <param name="refusal">Why the request is refused; null if a workspace was found.</param>
    public WorkspaceSettings? Authenticate(StringValues header, bool required, out Refusal? refusal)
    {
        WorkspaceSettings? workspace;
        if (header.Count == 0 && !required)
        {
            workspace = _default;
            refusal = workspace is null ? _ambiguous : null;
            return workspace;
        }

        workspace = header.Count == 1 ? Check(header[0]) : null;
        refusal = workspace is null ? _unauthorized : null;
        return workspace;
    }

    private static WorkspaceSettings? FindDefault(IWorkspaceDirectory workspaces, ApiSettings settings) =>
        settings.DefaultWorkspace is { } name && workspaces.TryFindByName(name, out var named) ? named : workspaces.Only;

    private WorkspaceSettings? Check(string? header)
    {
        Span<char> buffer = stackalloc char[BasicCredentials.MaxHeaderLength];
        if (!BasicCredentials.TryRead(header, buffer, out var given))
        {
            return null;
        }

        // An unknown site id takes the same time as a known one: the given values are compared with themselves.
        var isKnown = workspaces.TryFindBySiteId(given.User, out var workspace);
        var siteId = isKnown ? workspace!.SiteId.AsSpan() : given.User;
        var apiKey = isKnown ? workspace!.ApiKey.AsSpan() : given.Password;
        var matches = FixedTimeEquals(siteId, given.User) & FixedTimeEquals(apiKey, given.Password) & isKnown;
        return matches ? workspace : null;
    }

    private static bool FixedTimeEquals(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(left), MemoryMarshal.AsBytes(right));
}
