using System.Collections.Frozen;
using System.Net.Http.Headers;
using CioOrleans.Calls;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace CioOrleans.Api.Forwarding;

/// <summary>Copies a request but for its host, its credentials and its hop-by-hop headers; path and query stay as they stood in the request line.</summary>
/// <param name="uri">Where the request goes.</param>
/// <param name="credentials">The workspace's own.</param>
/// <param name="onResponse">Told of the response's headers; false keeps the response from the caller.</param>
internal sealed class UntouchedTransformer(Uri uri, AuthenticationHeaderValue credentials, Func<HttpResponseMessage, ValueTask<bool>> onResponse) : HttpTransformer
{
    /// <summary>What is dropped of a stored call, and concerns the caller and Customer.io where a request is passed through.</summary>
    private static readonly FrozenSet<string> _passedOn = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, ["Content-Length", "Content-Encoding", "Accept-Encoding", "Idempotency-Key", "X-Retry-Count", "Prefer"]);

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        Drop(proxyRequest.Headers, httpContext.Request.Headers.Connection);
        if (proxyRequest.Content is { } content)
        {
            Drop(content.Headers, httpContext.Request.Headers.Connection);
        }

        proxyRequest.RequestUri = uri;
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.Authorization = credentials;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken) =>
        (proxyResponse is null || await onResponse(proxyResponse)) && await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);

    private static void Drop(HttpHeaders headers, StringValues connection)
    {
        var named = connection.Count == 0 ? null : string.Join(',', connection.ToArray());
        foreach (var name in headers.NonValidated.Select(header => header.Key).Where(name => CallRules.IsDropped(name, named) && !_passedOn.Contains(name)).ToArray())
        {
            headers.Remove(name);
        }
    }
}
