using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Configuration;

namespace CioOrleans.Delivery;

/// <summary>Turns a stored call back into the request that the SDK sent, with the workspace's own credentials.</summary>
internal static class OutgoingRequest
{
    // Percent-encoding is the SDK's: what Customer.io reads must be what the SDK wrote.
    private static readonly UriCreationOptions _asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static HttpRequestMessage Create(WorkspaceSettings workspace, Call call, Func<bool> permitHolds)
    {
        var uri = new Uri(string.Concat(workspace.TrackUrl.GetLeftPart(UriPartial.Authority), call.Target), _asWritten);
        var request = new HttpRequestMessage(new HttpMethod(call.Method), uri) { Content = new PermitCheckedContent(call.Body, permitHolds) };
        foreach (var line in call.Headers.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon <= 0)
            {
                continue;
            }

            var name = line[..colon].ToString();
            var value = line[(colon + 1)..].Trim().ToString();
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.Authorization = BasicCredentials(workspace);
        return request;
    }

    private static AuthenticationHeaderValue BasicCredentials(WorkspaceSettings workspace) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{workspace.SiteId}:{workspace.ApiKey}")));
}
