using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>Turns a stored call back into the request that the SDK sent, to the API it was meant for and with the workspace's own credentials.</summary>
internal static class OutgoingRequest
{
    public static HttpRequestMessage Create(WorkspaceSettings workspace, Call call)
    {
        var uri = UpstreamUri.Of(UrlOf(workspace, call.LimitClass.ToHost()), call.Target);
        var request = new HttpRequestMessage(new HttpMethod(call.Method), uri) { Content = new ByteArrayContent(call.Body) };
        foreach (var (name, value) in call.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.Authorization = CredentialsOf(workspace, call.LimitClass.ToHost());
        return request;
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
