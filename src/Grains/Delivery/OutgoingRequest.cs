using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>Makes the request of a stored call, as the SDK sent it, for the host of its API and with the workspace's own credentials.</summary>
internal static class OutgoingRequest
{
    /// <summary>Makes the request of a call. Returns why the call can never be sent; null if the request was made.</summary>
    public static string? TryCreate(WorkspaceSettings workspace, Call call, out HttpRequestMessage? request)
    {
        request = null;
        if (CallRules.WhyUnsendable(call) is { } problem)
        {
            return problem;
        }

        if (UpstreamUri.Of(UrlOf(workspace, call.LimitClass.ToHost()), call.Target) is not { } uri)
        {
            return "The request target does not lead to the configured host.";
        }

        var made = new HttpRequestMessage(new HttpMethod(call.Method), uri) { Content = new ByteArrayContent(call.Body) };
        foreach (var (name, value) in CallRules.Kept(call.Headers))
        {
            if (!made.Headers.TryAddWithoutValidation(name, value) && !made.Content.Headers.TryAddWithoutValidation(name, value))
            {
                made.Dispose();
                return $"The header {name} cannot be written.";
            }
        }

        // Set last, so that no stored header overrides them.
        made.Headers.Host = null;
        made.Headers.Authorization = CredentialsOf(workspace, call.LimitClass.ToHost());
        request = made;
        return null;
    }

    /// <summary>A host's scheme and authority, as configured.</summary>
    public static Uri UrlOf(WorkspaceSettings workspace, UpstreamHost host) => host switch
    {
        UpstreamHost.App => workspace.AppUrl,
        UpstreamHost.Pipelines => workspace.PipelinesUrl,
        _ => workspace.TrackUrl,
    };

    /// <summary>The workspace's own credentials for a host.</summary>
    public static AuthenticationHeaderValue CredentialsOf(WorkspaceSettings workspace, UpstreamHost host) => host switch
    {
        UpstreamHost.App => new("Bearer", workspace.AppApiKey),
        UpstreamHost.Pipelines => Basic($"{workspace.PipelinesWriteKey}:"),
        _ => Basic($"{workspace.SiteId}:{workspace.ApiKey}"),
    };

    private static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
}
