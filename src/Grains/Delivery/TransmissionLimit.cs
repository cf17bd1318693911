using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CioOrleans.Delivery;

/// <summary>
/// Tells the kernel for how long it may transmit what was written to a socket. A process that is frozen cannot reset its connections; without a
/// limit its kernel goes on for minutes, and a request whose packets were lost may arrive behind those of a successor. Linux only (TCP_USER_TIMEOUT): on
/// other systems nothing is set.
/// </summary>
internal static class TransmissionLimit
{
    private const int ProtocolTcp = 6;

    private const int UserTimeout = 18;

    /// <summary>Drops the connection once bytes have been unacknowledged for longer.</summary>
    /// <param name="socket">A TCP socket.</param>
    /// <param name="limit">At least a millisecond: zero would mean the system's own default.</param>
    public static void Set(Socket socket, TimeSpan limit)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Span<byte> value = stackalloc byte[sizeof(int)];
        var milliseconds = Math.Max(1, (int)limit.TotalMilliseconds);
        MemoryMarshal.Write(value, in milliseconds);
        socket.SetRawSocketOption(ProtocolTcp, UserTimeout, value);
    }
}
