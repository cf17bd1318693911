using System.IO.Compression;
using System.Text;
using CioOrleans.Bench.Processes;

namespace CioOrleans.Bench.Load;

/// <summary>How the generator goes on behind a request.</summary>
internal enum AttackStyle
{
    /// <summary>Reads the answer, and sends the next one on the same connection where that stays open.</summary>
    Exchange,

    /// <summary>Opens a connection for each request and leaves it as it is; the oldest go.</summary>
    Hold,
}

/// <summary>What the generator sends.</summary>
/// <param name="Name">How the table calls it.</param>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="ToAdmin">Whether the admin listener gets it.</param>
/// <param name="Style">How it goes on.</param>
/// <param name="Request">The bytes of request n.</param>
internal sealed record Attack(string Name, int PerSecond, bool ToAdmin, AttackStyle Style, Func<int, byte[]> Request)
{
    /// <summary>The key of the workspace's App API.</summary>
    public const string AppKey = "app";

    private const string End = "\r\n";

    private static readonly string _head = $"Host: x{End}Authorization: Basic {DispatcherProcess.Credentials}{End}Content-Type: application/json{End}";
    private static readonly Lazy<string[]> _twins = new(() => [.. HashTwins.Behind("acme/delivery:xx").Take(20_000).Select(name => name["acme/".Length..])]);

    /// <summary>The requests that all others are compared with: calls as services send them.</summary>
    public static Attack Harmless(int perSecond) => new("harmless", perSecond, false, AttackStyle.Exchange, n => Put($"/api/v1/customers/h{n % 5_000}", """{"plan":"pro"}"""));

    /// <summary>All attacks.</summary>
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("slow bodies", 50, false, AttackStyle.Hold, n => [.. Encoding.ASCII.GetBytes($"PUT /api/v1/customers/slow HTTP/1.1{End}{_head}Content-Length: 1000000{End}{End}"), .. new byte[200_000]]),
        new("half heads", 200, false, AttackStyle.Hold, n => Encoding.ASCII.GetBytes($"PUT /api/v1/customers/slow HTTP/1.1{End}Host: x{End}X-Fill: {new string('x', 15_000)}")),
        new("gzip bombs", 5, false, AttackStyle.Exchange, Same(Gzip("/v1/campaigns/1/triggers", $"Bearer {AppKey}", new string(' ', 24 << 20)))),
        new("batches of garbage", 10, false, AttackStyle.Exchange, Same(Gzip("/api/v2/batch", $"Basic {DispatcherProcess.Credentials}", $"{{\"batch\":[{string.Join(',', Enumerable.Repeat('0', 249_000))}]}}"))),
        new("chosen hashes", 300, false, AttackStyle.Exchange, n => Post("/api/v1/push/events", $$"""{"delivery_id":"{{_twins.Value[n % _twins.Value.Length]["delivery:".Length..]}}","event":"opened","device_id":"d","timestamp":1700000000}""")),
        new("metrics without credentials", 500, false, AttackStyle.Exchange, n => Strip(Post("/api/v1/metrics", $$"""{"delivery_id":"d{{n}}","metric":"opened","timestamp":1700000000}"""))),
        new("no credentials", 1_000, false, AttackStyle.Exchange, n => Strip(Put($"/api/v1/customers/k{n}", """{"plan":"pro"}"""))),
        new("pages of dead letters", 5, true, AttackStyle.Exchange, Same(Encoding.ASCII.GetBytes($"GET /admin/workspaces/acme/dead-letters?limit=1000 HTTP/1.1{End}Host: localhost{End}{End}"))),
        new("malformed chunks", 300, false, AttackStyle.Exchange, n => Encoding.ASCII.GetBytes($"PUT /api/v1/customers/m{n} HTTP/1.1{End}{_head}Transfer-Encoding: chunked{End}{End}zz{End}")),
        new("huge headers", 500, false, AttackStyle.Exchange, n => Encoding.ASCII.GetBytes($"PUT /api/v1/customers/b{n} HTTP/1.1{End}{_head}X-Fill: {new string('x', 12_000)}{End}Content-Length: 2{End}{End}{{}}")),
        new("controls in headers", 500, false, AttackStyle.Exchange, n => Encoding.Latin1.GetBytes($"PUT /api/v1/customers/b{n} HTTP/1.1{End}{_head}X-Fill: a\fHost: evil{End}Content-Length: 2{End}{End}{{}}")),
        new("a batch with 2,000 shared contexts", 2, false, AttackStyle.Exchange, Same(Gzip(
            "/v1/batch", $"Basic {Convert.ToBase64String("write:"u8)}",
            $$"""{"context":{"fill":"{{new string('x', 250_000)}}"},"batch":[{{string.Join(',', Enumerable.Range(0, 2_000).Select(person => $$"""{"type":"identify","userId":"p{{person}}"}"""))}}]}"""))),
    ];

    private static byte[] Put(string path, string body) => Send("PUT", path, body);

    private static byte[] Post(string path, string body) => Send("POST", path, body);

    private static byte[] Send(string method, string path, string body) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1{End}{_head}Content-Length: {body.Length}{End}{End}{body}");

    private static byte[] Strip(byte[] request) =>
        Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(request).Replace($"Authorization: Basic {DispatcherProcess.Credentials}{End}", "", StringComparison.Ordinal));

    private static Func<int, byte[]> Same(byte[] request) => _ => request;

    private static byte[] Gzip(string path, string authorization, string body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.ASCII.GetBytes(body));
        }

        return
        [
            .. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1{End}Host: x{End}Authorization: {authorization}{End}Content-Type: application/json{End}Content-Encoding: gzip{End}Content-Length: {packed.Length}{End}{End}"),
            .. packed.ToArray(),
        ];
    }
}
