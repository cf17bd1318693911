using System.Text;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Server;

namespace CioOrleans.Bench.Load;

/// <summary>
/// A request as bytes, in which customer and seq are overwritten in place: a generator that shares the cores with the server must
/// cost as little as it can.
/// </summary>
internal sealed class RequestTemplate
{
    private readonly byte[] _bytes;
    private readonly int _customerAt;
    private readonly int _seqAt;

    private RequestTemplate(Uri server, string path, int bodyBytes)
    {
        var head = $$"""{"name":"purchase","data":{"seq":{{Digits(0)}},"customer":"{{CallText.Customer(0)}}","note":" """.TrimEnd();
        var body = head + new string('x', Math.Max(0, bodyBytes - head.Length - 3)) + "\"}}";
        var text = $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Basic {DispatcherProcess.Credentials}\r\n"
            + $"User-Agent: bench\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        _bytes = Encoding.ASCII.GetBytes(text);
        _customerAt = text.IndexOf(CallText.Customer(0), StringComparison.Ordinal);
        _seqAt = text.IndexOf("\"seq\":", StringComparison.Ordinal) + "\"seq\":".Length;
    }

    /// <summary>An event whose body has this number of bytes.</summary>
    public static RequestTemplate Durable(Uri server, int bodyBytes) => new(server, $"/api/v1/customers/{CallText.Customer(0)}/events", bodyBytes);

    /// <summary>The same for the endpoint that only reads the body.</summary>
    public static RequestTemplate Nothing(Uri server, int bodyBytes) => new(server, NothingEndpoint.Path, bodyBytes);

    /// <summary>A copy to overwrite.</summary>
    public byte[] Copy() => [.. _bytes];

    public void Write(byte[] copy, int customer, int seq)
    {
        WriteRight(copy.AsSpan(_customerAt + 1, 7), customer, (byte)'0');
        WriteRight(copy.AsSpan(_seqAt, SeqWidth), seq, (byte)' ');
    }

    private const int SeqWidth = 10;

    private static string Digits(int seq) => seq.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(SeqWidth);

    private static void WriteRight(Span<byte> field, int number, byte pad)
    {
        for (var i = field.Length - 1; i >= 0; i--, number /= 10)
        {
            field[i] = number > 0 || i == field.Length - 1 ? (byte)('0' + (number % 10)) : pad;
        }
    }
}
