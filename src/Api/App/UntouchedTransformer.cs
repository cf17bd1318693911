using System.Net.Http.Headers;
using CioOrleans.Configuration;
using CioOrleans.Delivery;
using Yarp.ReverseProxy.Forwarder;

namespace CioOrleans.Api.App;

/// <summary>Copies a request but for its host and its hop-by-hop headers; path and query stay as they stood in the request line.</summary>
internal sealed class UntouchedTransformer(WorkspaceSettings workspace, string target, Func<HttpResponseMessage, Task> onResponse) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = UpstreamUri.Of(workspace.AppUrl, target);
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.Authorization = new AuthenticationHeaderValue("Bearer", workspace.AppApiKey);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null)
        {
            await onResponse(proxyResponse);
        }

        return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }
}
