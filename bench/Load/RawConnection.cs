using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace CioOrleans.Bench.Load;

/// <summary>One keep-alive connection, which sends one request at a time and reads its answer.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[4096];

    public static async Task<RawConnection> OpenAsync(Uri server, CancellationToken stop)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), stop);
        return connection;
    }

    /// <summary>Sends a request and returns the status of its answer.</summary>
    /// <exception cref="IOException">The server closed the connection, or its answer is longer than the buffer or has no <c>Content-Length</c>.</exception>
    public async ValueTask<int> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        int read;
        for (var length = 0; (read = await _socket.ReceiveAsync(_answer.AsMemory(length))) > 0;)
        {
            length += read;
            if (IsWhole(_answer.AsSpan(0, length)))
            {
                return Utf8Parser.TryParse(_answer.AsSpan("HTTP/1.1 ".Length), out int status, out _) ? status : throw new IOException("The answer has no status.");
            }
        }

        // A full buffer reads nothing either.
        throw new IOException($"The server closed the connection or answered more than {_answer.Length} bytes.");
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        // Servers write the name with or without capitals.
        var at = Math.Max(answer[..end].IndexOf("Content-Length: "u8), answer[..end].IndexOf("content-length: "u8));
        return at < 0
            ? throw new IOException("The answer has no Content-Length.")
            : Utf8Parser.TryParse(answer[(at + "Content-Length: ".Length)..], out int body, out _) && answer.Length >= end + 4 + body;
    }
}
