using System.Net;

namespace CioOrleans.Delivery;

/// <summary>The connections to Customer.io.</summary>
internal static class CustomerIoHandler
{
    public static HttpMessageInvoker Create() => new(new SocketsHttpHandler
    {
        // Nothing is added to what the SDK sent, and nothing is followed: see OutcomeTable.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),

        // DNS answers change; a connection does not outlive them for long.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });
}
