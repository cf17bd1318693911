using System.Net.Sockets;
using System.Text;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>Writes a request byte for byte (one character a byte) on a connection of its own.</summary>
internal static class RawCaller
{
    /// <summary>Every answer comes within this time; far more than a slow machine needs, so that a hang fails the test.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>Sends a request with a body and its length; returns the status, zero where the connection was closed without an answer.</summary>
    public static Task<int> SendAsync(Uri url, string line, string body, params string[] headers) =>
        ExchangeAsync(url, $"{line} HTTP/1.1\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Host: {url.Authority}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Sends bytes and reads until the other side closes.</summary>
    public static async Task<int> ExchangeAsync(Uri url, string bytes)
    {
        using var patience = new CancellationTokenSource(_patience);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, patience.Token);
        var stream = client.GetStream();
        var answer = new StringBuilder();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), patience.Token);
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, patience.Token) is var read and > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // A reset behind an early answer.
        }

        return answer.Length < 12 ? 0 : int.Parse(answer.ToString(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }
}
