using System.Net.Sockets;

namespace CioOrleans.Api.App;

/// <summary>
/// Gives every request one connection of its own. The HTTP stack repeats a request without a body by itself when a connection breaks
/// before the answer, up to three times; a repeat asks for another connection, and is refused it: one permit is one arrival.
/// </summary>
internal static class OneConnectionEach
{
    private static readonly HttpRequestOptionsKey<bool> _hadOne = new("cio.had-its-connection");

    public static HttpMessageInvoker Create(SocketsHttpHandler handler)
    {
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        handler.ConnectCallback = ConnectAsync;
        return new HttpMessageInvoker(handler);
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var options = context.InitialRequestMessage.Options;
        if (options.TryGetValue(_hadOne, out _))
        {
            throw new IOException("The connection was lost after the request had been written.");
        }

        options.Set(_hadOne, true);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
