using System.Net;
using System.Net.Sockets;

namespace CioOrleans.Silo.Hosting;

/// <summary>Warns once, at the start, if a silo without TLS has an address outside of private networks.</summary>
internal sealed partial class PlainConnectionsNotice(ILocalSiloDetails silo, ILogger<PlainConnectionsNotice> logger) : IHostedService
{
    private static readonly IPNetwork[] _private = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("169.254.0.0/16")];

    /// <summary>Whether an address is on this machine or in a range that is not routed on the Internet.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain)
            || (plain.AddressFamily == AddressFamily.InterNetwork ? Array.Exists(_private, range => range.Contains(plain)) : plain.IsIPv6UniqueLocal || plain.IsIPv6LinkLocal);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var address = silo.SiloAddress.Endpoint.Address;
        if (!IsPrivate(address))
        {
            LogPlain(logger, address);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "This silo's address {Address} is neither loopback nor private, and connections between processes are neither encrypted nor authenticated. Set Dispatcher:Cluster:Tls, or use a private network.")]
    private static partial void LogPlain(ILogger logger, IPAddress address);
}
