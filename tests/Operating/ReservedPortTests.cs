using System.Net;
using System.Net.Sockets;
using CioOrleans.Silo.Hosting;

namespace CioOrleans.Operating.Tests;

public sealed class ReservedPortTests
{
    [Fact]
    public async Task A_reserved_port_can_be_listened_on_and_connected_to()
    {
        using var port = new ReservedPort();
        using var listener = new TcpListener(IPAddress.Loopback, port.Number);
        listener.Start();
        using var client = new TcpClient();

        await client.ConnectAsync(IPAddress.Loopback, port.Number);

        using var accepted = await listener.AcceptTcpClientAsync();
        Assert.True(accepted.Connected);
    }

    [Fact]
    public void The_kernel_gives_a_reserved_port_to_nobody_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The range of a socket's ports is set by an option of Linux.");
        using var port = new ReservedPort();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // IP_LOCAL_PORT_RANGE: the kernel chooses from this one port.
            other.SetRawSocketOption((int)SocketOptionLevel.IP, optionName: 51, BitConverter.GetBytes((port.Number << 16) | port.Number));
        }
        catch (SocketException)
        {
            Assert.Skip("The option came with Linux 6.3.");
        }

        var refused = Assert.Throws<SocketException>(() => other.Bind(new IPEndPoint(IPAddress.Loopback, 0)));

        Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);
    }
}
