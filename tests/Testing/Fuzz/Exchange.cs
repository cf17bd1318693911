using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CioOrleans.Testing.Fuzz;

/// <summary>An answer. A status of 0 says that the bytes are no HTTP.</summary>
public sealed record FuzzAnswer(int Status, string Head);

/// <summary>Requests on one connection, and what came back.</summary>
/// <param name="requests">Sent one behind the other without waiting.</param>
public sealed class Exchange(IReadOnlyList<FuzzRequest> requests)
{
    /// <summary>How long an answer may take, and the closing of a connection whose client has ended.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>The time that a client waits for the answer to a request whose end is ambiguous.</summary>
    private static readonly TimeSpan _doubt = TimeSpan.FromMilliseconds(60);

    private readonly List<byte> _received = [];
    private int _read;

    public IReadOnlyList<FuzzRequest> Requests { get; } = requests;

    public List<FuzzAnswer> Answers { get; } = [];

    /// <summary>Whether the server neither answered nor closed in time.</summary>
    public bool Hung { get; private set; }

    /// <summary>Whether the end of one of its requests is ambiguous.</summary>
    public bool IsLoose => Requests.Any(request => request.IsLoose);

    private Ending Ending => Requests[^1].Ending;

    public async Task RunAsync(Uri url)
    {
        using var patience = new CancellationTokenSource(_patience, TimeProvider.System);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(url.Host, url.Port, patience.Token);
            var receiving = ReceiveAsync(client, patience.Token);
            await SendAsync(client, receiving, patience.Token);
            await receiving;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The server has closed, which it may at any time; what it said before counts.
        }
        catch (OperationCanceledException)
        {
            Hung = true;
        }

        Parse();
    }

    private async Task SendAsync(TcpClient client, Task receiving, CancellationToken patience)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Concat(Requests.Select((request, i) => request.ToWire(i == Requests.Count - 1))));
        try
        {
            var half = Ending == Ending.Slow ? bytes.Length * 2 / 3 : bytes.Length;
            await client.GetStream().WriteAsync(bytes.AsMemory(0, half), patience);
            if (Ending == Ending.Slow)
            {
                await Task.Delay(_doubt, TimeProvider.System, patience);
                await client.GetStream().WriteAsync(bytes.AsMemory(half), patience);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // An answer may have come before the end of the request.
        }

        if (Ending == Ending.Reset)
        {
            // The client itself would shut the socket down before it closes it: that is no reset.
            client.LingerState = new LingerOption(true, 0);
            client.Client.Close();
            return;
        }

        if (IsLoose)
        {
            await Task.WhenAny(receiving, Task.Delay(_doubt, TimeProvider.System, patience));
        }

        if ((IsLoose && !receiving.IsCompleted) || Ending == Ending.HalfClose)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Reads until the server closes, or has answered all that it owes.</summary>
    private async Task ReceiveAsync(TcpClient client, CancellationToken patience)
    {
        var stream = client.GetStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, patience) is var read and > 0)
            {
                _received.AddRange(buffer.AsSpan(0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // A reset behind an early answer, or by this client.
        }
    }

    private void Parse()
    {
        while (_read < _received.Count)
        {
            var text = Encoding.Latin1.GetString([.. _received.Skip(_read)]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0 || !text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || !int.TryParse(text.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status))
            {
                Answers.Add(new FuzzAnswer(0, text[..Math.Min(text.Length, 200)]));
                return;
            }

            var head = text[..(end + 2)];
            end += 4;
            if (status >= 200)
            {
                var isHead = !IsLoose && Answers.Count < Requests.Count && Requests[Answers.Count].Method == "HEAD";
                Answers.Add(new FuzzAnswer(status, head));
                end = isHead ? end : EndOfBody(text, head, end);
            }

            if (IsLoose && Requests.Any(request => request.Method == "HEAD"))
            {
                // Whether the answer has a body depends on what the server took for the method.
                return;
            }

            _read += end;
        }
    }

    private static int EndOfBody(string text, string head, int at)
    {
        if (head.Contains("\r\nTransfer-Encoding: chunked\r\n", StringComparison.OrdinalIgnoreCase))
        {
            var end = text.IndexOf("0\r\n\r\n", at, StringComparison.Ordinal);
            return end < 0 ? text.Length : end + 5;
        }

        const string name = "\r\nContent-Length: ";
        var start = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            // What HTTP/1.0 gets may end with its connection.
            return head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase) ? text.Length : at;
        }

        start += name.Length;
        return Math.Min(text.Length, at + int.Parse(head.AsSpan(start, head.IndexOf('\r', start) - start), CultureInfo.InvariantCulture));
    }
}
