using System.Net;
using System.Net.Sockets;

namespace CioOrleans.Silo.Hosting;

/// <summary>
/// A port of the loopback address that the kernel gives to nobody else while this object exists. The socket is bound and does not listen, so that a listener of
/// this process can be bound to the same port later (both are made with <c>SO_REUSEADDR</c>, which .NET sets on Unix). A port that was only probed may
/// be taken before the listener is bound, by any process that connects to somewhere.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    /// <summary>The port.</summary>
    public int Number { get; }

    public void Dispose() => _socket.Dispose();
}
