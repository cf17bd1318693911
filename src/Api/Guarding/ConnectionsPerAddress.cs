using System.Collections.Concurrent;
using System.Net;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Connections;

namespace CioOrleans.Api.Guarding;

/// <summary>
/// Limits the connections of one address, so that one caller cannot take all connections of the server. A connection above the limit is closed before
/// anything is read from it. Loopback and the trusted proxies are not limited, because each serves many callers.
/// </summary>
internal sealed class ConnectionsPerAddress(ApiSettings settings)
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    /// <summary>The connection middleware, which calls <paramref name="next"/> for a connection within the limit.</summary>
    public ConnectionDelegate InFrontOf(ConnectionDelegate next) => connection =>
    {
        if (settings.MaxConnectionsPerAddress == 0 || connection.RemoteEndPoint is not IPEndPoint { Address: var given } || IsExempt(given))
        {
            return next(connection);
        }

        return LimitAsync(connection, Plain(given), next);
    };

    private async Task LimitAsync(ConnectionContext connection, IPAddress address, ConnectionDelegate next)
    {
        try
        {
            if (_open.AddOrUpdate(address, 1, static (_, open) => open + 1) > settings.MaxConnectionsPerAddress)
            {
                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            // Remove the entry of an address with its last connection. TryRemove compares the value, so a connection that was made meanwhile stays
            // counted.
            var left = _open.AddOrUpdate(address, 0, static (_, open) => open - 1);
            if (left == 0)
            {
                _open.TryRemove(KeyValuePair.Create(address, 0));
            }
        }
    }

    private bool IsExempt(IPAddress given)
    {
        var address = Plain(given);
        return IPAddress.IsLoopback(address) || settings.TrustedProxies.Any(proxy => proxy.Contains(address));
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
