using System.Collections.Frozen;
using System.Net.Http.Headers;
using CioOrleans.Calls;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace CioOrleans.Api.Forwarding;

/// <summary>Copies a request, except its host, its credentials and its hop-by-hop headers. Path and query stay as in the request line.</summary>
/// <param name="uri">The request's address at Customer.io.</param>
/// <param name="authorize">Sets the workspace's credentials.</param>
/// <param name="onResponse">Called with the response's headers. If it returns false, the response is not passed on to the caller.</param>
internal sealed class UntouchedTransformer(Uri uri, Action<HttpRequestHeaders> authorize, Func<HttpResponseMessage, ValueTask<bool>> onResponse) : HttpTransformer
{
    /// <summary>Headers that are removed from a stored call but not from a pass-through, where they concern only the caller and Customer.io.</summary>
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
        authorize(proxyRequest.Headers);
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
