using System.Net;
using System.Text;

namespace CioOrleans.Delivery;

/// <summary>
/// The one way to send a request to Customer.io. HTTP/1.1 only, so that a reset ends exactly one request. Every request needs an
/// <see cref="Attempt"/>: one that is written outside of an attempt fails.
/// </summary>
public sealed class CustomerIoHttp(TimeProvider time) : HttpMessageInvoker(CreateHandler(time))
{
    /// <summary>
    /// The longest idle time after which a connection is used again. Load balancers close idle connections after 60 s, and a request that meets such a close
    /// has an unknown outcome.
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
            // Headers of the SDK are sent unchanged, and redirects are not followed: see OutcomeTable.
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,

            // Each character of a header is one byte on the wire.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = connector.ConnectAsync,
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new AttemptStream(context.PlaintextStream)),
            PooledConnectionIdleTimeout = _longestIdle,

            // DNS answers change, so a connection must not outlive them for long.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }
}
