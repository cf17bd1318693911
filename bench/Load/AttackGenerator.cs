using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CioOrleans.Bench.Load;

/// <summary>Sends an attack at its rate, for a while. It is a process of its own, pinned to one core.</summary>
internal static class AttackGenerator
{
    private const int Workers = 32;
    private const int MostHeld = 400;

    /// <summary>Runs the attack and returns the number of answers by status.</summary>
    public static async Task<string> RunAsync(Attack attack, int port, TimeSpan length, CancellationToken stop)
    {
        var (began, next, statuses, held) = (Stopwatch.GetTimestamp(), -1, new ConcurrentDictionary<string, int>(), new ConcurrentQueue<Socket>());
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync()));
        foreach (var socket in held)
        {
            socket.Dispose();
        }

        return string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"));

        async Task WorkAsync()
        {
            Socket? kept = null;
            while (Interlocked.Increment(ref next) is var n && TimeSpan.FromSeconds((double)n / attack.PerSecond) is var due && due < length)
            {
                if (due - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, stop);
                }

                var status = "closed";
                try
                {
                    var socket = kept ?? await ConnectAsync(port, stop);
                    kept = null;
                    await socket.SendAsync(attack.Request(n), stop);
                    if (attack.Style == AttackStyle.Hold)
                    {
                        status = "held";
                        held.Enqueue(socket);
                        if (held.Count > MostHeld && held.TryDequeue(out var oldest))
                        {
                            oldest.Dispose();
                        }
                    }
                    else if (await ReadAsync(socket, stop) is var (read, isOpen))
                    {
                        status = read;
                        if (isOpen)
                        {
                            kept = socket;
                        }
                        else
                        {
                            socket.Dispose();
                        }
                    }
                }
                catch (SocketException)
                {
                    // Counted as closed.
                }

                statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
            }

            kept?.Dispose();
        }
    }

    private static async Task<Socket> ConnectAsync(int port, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
        return socket;
    }

    /// <summary>The status, and whether another request may follow on the connection: only after an answer with a <c>Content-Length</c>.</summary>
    private static async Task<(string Status, bool IsOpen)> ReadAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        var (status, length, end, body) = ("closed", 0, -1, -1);
        int read;

        // Once the head is read, the buffer takes the body, which is dropped. A head that fills the buffer ends the loop too: nothing more is read.
        while ((read = await socket.ReceiveAsync(buffer.AsMemory(end < 0 ? length : 0), stop)) > 0)
        {
            length += read;
            status = end < 0 && length >= 12 ? Encoding.ASCII.GetString(buffer, 9, 3) : status;
            if (end < 0 && (end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) >= 0)
            {
                var head = Encoding.ASCII.GetString(buffer, 0, end);
                var at = head.IndexOf("Content-Length: ", StringComparison.Ordinal);
                if (at < 0 || head.Contains("Connection: close", StringComparison.Ordinal))
                {
                    return (status, false);
                }

                body = end + 4 + int.Parse(head[(at + 16)..].Split('\r')[0], CultureInfo.InvariantCulture);
            }

            if (end >= 0 && length >= body)
            {
                return (status, true);
            }
        }

        return (status, false);
    }
}
