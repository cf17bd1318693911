using System.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace CioOrleans.Api.Forwarding;

/// <summary>Copies a request but for its host, its credentials and its hop-by-hop headers; path and query stay as they stood in the request line.</summary>
/// <param name="uri">Where the request goes.</param>
/// <param name="credentials">The workspace's own.</param>
/// <param name="onResponse">Told of the response's headers; false keeps the response from the caller.</param>
internal sealed class UntouchedTransformer(Uri uri, AuthenticationHeaderValue credentials, Func<HttpResponseMessage, ValueTask<bool>> onResponse) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = uri;
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.Authorization = credentials;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken) =>
        (proxyResponse is null || await onResponse(proxyResponse)) && await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
}
