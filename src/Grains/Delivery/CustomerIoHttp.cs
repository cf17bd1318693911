using System.Net;
using System.Text;

namespace CioOrleans.Delivery;

/// <summary>
/// The one way to send a request to Customer.io. HTTP/1.1 only, so that a reset ends exactly one request. Every request needs an
/// <see cref="Attempt"/>: one that is written outside of an attempt fails.
/// </summary>
internal sealed class CustomerIoHttp(TimeProvider time) : HttpMessageInvoker(CreateHandler(time))
{
    /// <summary>
    /// A connection that has been idle for longer is not used again: load balancers close theirs after 60 s, and a request that meets
    /// such a close has an unknown outcome.
    /// </summary>
    private static readonly TimeSpan _longestIdle = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        return base.SendAsync(request, cancellationToken);
    }

    private static SocketsHttpHandler CreateHandler(TimeProvider time)
    {
        var connector = new TcpConnector(time);
        return new SocketsHttpHandler
        {
            // Nothing is added to what the SDK sent, and nothing is followed: see OutcomeTable.
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,

            // A header's characters are the bytes that came.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = connector.ConnectAsync,
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new AttemptStream(context.PlaintextStream)),
            PooledConnectionIdleTimeout = _longestIdle,

            // DNS answers change; a connection does not outlive them for long.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }
}
