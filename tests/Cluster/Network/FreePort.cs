using System.Net;
using System.Net.Sockets;

namespace CioOrleans.Cluster.Network;

internal static class FreePort
{
    /// <summary>A port that nobody uses at the moment.</summary>
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
