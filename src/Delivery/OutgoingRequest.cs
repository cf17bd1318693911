using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>Makes the request of a stored call, as the SDK sent it, for the host of its API and with the workspace's own credentials.</summary>
public static class OutgoingRequest
{
    /// <summary>Makes the request of a call. Returns why the call can never be sent; null if the request was made.</summary>
    public static string? TryCreate(WorkspaceSettings workspace, Call call, out HttpRequestMessage? request)
    {
        request = null;
        if (CallRules.WhyUnsendable(call) is { } problem)
        {
            return problem;
        }

        if (UpstreamUri.Of(UrlOf(workspace, call.LimitClass), call.Target) is not { } uri)
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
        Authorize(made.Headers, workspace, call.LimitClass);
        if (call.LimitClass.ToHost() == UpstreamHost.Pipelines && BrowserPath.IsTargetOf(call))
        {
            // The body has the write key of the browser's source, which was compared with the settings when the call was accepted.
            made.Headers.Authorization = null;
        }

        request = made;
        return null;
    }

    /// <summary>The scheme and the authority that requests of a class go to, as configured.</summary>
    public static Uri UrlOf(WorkspaceSettings workspace, LimitClass limitClass) => workspace.HostOf(limitClass) switch
    {
        UpstreamHost.App => workspace.AppUrl,
        UpstreamHost.Pipelines => workspace.PipelinesUrl,
        _ => workspace.TrackUrl,
    };

    /// <summary>Sets the workspace's own credentials for a request of a class.</summary>
    public static void Authorize(HttpRequestHeaders headers, WorkspaceSettings workspace, LimitClass limitClass)
    {
        headers.Remove(CallRules.WorkspaceId);
        switch (limitClass.ToHost())
        {
            case UpstreamHost.App when workspace.AppApiKey is null || workspace.HostOf(limitClass) == UpstreamHost.Track:
                headers.Authorization = new("Bearer", workspace.ServiceToken);
                headers.Add(CallRules.WorkspaceId, workspace.WorkspaceId);
                break;

            case UpstreamHost.App:
                headers.Authorization = new("Bearer", workspace.AppApiKey);
                break;

            case UpstreamHost.Pipelines:
                headers.Authorization = Basic($"{workspace.PipelinesWriteKey}:");
                break;

            default:
                headers.Authorization = Basic($"{workspace.SiteId}:{workspace.ApiKey}");
                break;
        }
    }

    private static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
}
