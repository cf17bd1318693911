using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>Plays Customer.io on a bare socket: keeps each request as the bytes that came (one character a byte) and answers 200.</summary>
internal sealed class RawCustomerIo : IAsyncDisposable
{
    private static readonly byte[] _answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"delivery_id\":\"d\"}"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _loop;

    public RawCustomerIo()
    {
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _loop = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>The requests so far, head and body, in the order of their arrival.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Forgets the requests so far.</summary>
    public void Forget() => _requests.Clear();

    /// <summary>Waits for the first request with this method and target, and returns it.</summary>
    public async Task<string> ArrivalAsync(string line, TimeSpan patience, Dispatcher dispatcher)
    {
        try
        {
            return await Wait.ForAnswerAsync(line, patience, () => Task.FromResult(Requests.FirstOrDefault(request => request.StartsWith($"{line} HTTP", StringComparison.Ordinal))));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} The dispatcher said:\n{dispatcher.Output}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket socket)
    {
        using var own = socket;
        var received = new StringBuilder();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
            {
                received.Append(Encoding.Latin1.GetString(buffer, 0, read));
                while (TakeRequest(received) is { } request)
                {
                    _requests.Enqueue(request);
                    await socket.SendAsync(_answer, _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The dispatcher or the test has ended the connection.
        }
    }

    private static string? TakeRequest(StringBuilder received)
    {
        var text = received.ToString();
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (end < 4)
        {
            return null;
        }

        const string header = "\r\nContent-Length: ";
        var start = text.IndexOf(header, 0, end, StringComparison.OrdinalIgnoreCase);
        var length = start < 0 ? 0 : int.Parse(text.AsSpan(start + header.Length, text.IndexOf('\r', start + 2) - start - header.Length), CultureInfo.InvariantCulture);
        if (text.Length < end + length)
        {
            return null;
        }

        received.Remove(0, end + length);
        return text[..(end + length)];
    }
}
