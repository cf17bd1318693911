using System.Net;
using System.Net.Sockets;

namespace CioOrleans.Testing.Processes;

/// <summary>Ports for processes that are told where to listen.</summary>
public static class FreePort
{
    /// <summary>Below the range from which the kernel takes the ports of outgoing connections and of listeners on port 0 (32768 and above).</summary>
    private const int First = 12_000, Count = 18_000;

    /// <summary>Test processes run at the same time, with process ids that are close to each other: each begins elsewhere and goes round.</summary>
    private static int _last = Environment.ProcessId % 1_000 * (Count / 1_000 * 7);

    /// <summary>A port of 127.0.0.1 on which nothing listens, and which this process has not returned for a long time.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"Every port from {First} to {First + Count - 1} is in use.");
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
