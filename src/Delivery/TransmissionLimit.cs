using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CioOrleans.Delivery;

/// <summary>
/// Limits how long the kernel transmits bytes that were written to a socket. A frozen process cannot reset its connections. Without a limit its kernel
/// transmits for minutes, and a request whose packets were lost may arrive after those of a successor. Linux only (TCP_USER_TIMEOUT): on other systems nothing
/// is set.
/// </summary>
internal static class TransmissionLimit
{
    private const int ProtocolTcp = 6;

    private const int UserTimeout = 18;

    /// <summary>Lets the kernel drop the connection once bytes have been unacknowledged for longer than the limit.</summary>
    /// <param name="socket">A TCP socket.</param>
    /// <param name="limit">At least a millisecond is set, because zero would mean the system's default.</param>
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
