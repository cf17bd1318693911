using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CioOrleans.Delivery;

/// <summary>A server that keeps every byte it reads and answers each request as the test says: what is on the wire, nothing interpreted.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Socket, string, CancellationToken, Task> _answer;
    private readonly Task _loop;

    public RawServer(Func<Socket, string, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _loop = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>Connections accepted.</summary>
    public int Connections { get; private set; }

    /// <summary>Told how a connection ended: <see cref="SocketError.Success"/> for a close in good order.</summary>
    public Action<SocketError>? Ended { get; init; }

    /// <summary>Sent as soon as a request's head has come; nothing more is read for two seconds then. Null for a server that waits for the body.</summary>
    public string? AnswerToHead { get; init; }

    /// <summary>The requests as they came, head and body.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Answers every request with the given bytes.</summary>
    public static RawServer Answering(string response) =>
        new(async (socket, _, cancellation) => await socket.SendAsync(Encoding.ASCII.GetBytes(response), cancellation));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                using var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Connections++;
                await ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var received = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (!_stop.IsCancellationRequested)
        {
            int read;
            try
            {
                read = await socket.ReceiveAsync(buffer, _stop.Token);
            }
            catch (SocketException exception)
            {
                Ended?.Invoke(exception.SocketErrorCode);
                return;
            }

            if (read == 0)
            {
                Ended?.Invoke(SocketError.Success);
                return;
            }

            if (AnswerToHead is { } answer)
            {
                if (received.Length == 0)
                {
                    received.Append('x');
                    await socket.SendAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
                    await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, _stop.Token);
                }

                continue;
            }

            received.Append(Encoding.UTF8.GetString(buffer, 0, read));
            if (IsWhole(received.ToString()))
            {
                Requests.Add(received.ToString());
                received.Clear();
                await _answer(socket, Requests[^1], _stop.Token);
                if (!socket.Connected)
                {
                    return;
                }
            }
        }
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        const string header = "Content-Length: ";
        var start = request.IndexOf(header, StringComparison.OrdinalIgnoreCase);
        var length = start < 0 ? 0 : int.Parse(request[(start + header.Length)..request.IndexOf("\r\n", start, StringComparison.Ordinal)]);
        return Encoding.UTF8.GetByteCount(request[(end + 4)..]) >= length;
    }
}
