using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>Malformed input on every road, while a good customer's calls go on: it is refused, never a 5xx, and never an error in the log.</summary>
public sealed partial class MalformedInputTests(SharedWire wire) : IClassFixture<SharedWire>, IAsyncLifetime
{
    /// <summary>How long the dispatcher may take to deliver what it took.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Kestrel's own line where a body that no endpoint has read ends with a NUL in a trailer: it is a false alarm, and its kind is told once in ten seconds.</summary>
    private const string DrainedTrailer = "automatic draining of the request body failed because the body reader is in an invalid state";

    private readonly Dispatcher _dispatcher = wire.Dispatcher;
    private int _good;

    /// <summary>Bodies, one character a byte.</summary>
    private static readonly string[] _bodies =
    [
        "", " ", "\0", "null", "[]", "\"x\"", "0", "{", "}", "{}{}", "{\"a\":1,}", "\u00EF\u00BB\u00BF{}", "\u00FF\u00FE{\0}\0", "{\"a\":\u00FC}", "{\"\u00C3\u0028\":1}",
        new('[', 100_000), string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), $"{{\"a\":{new string('9', 5_000)}}}", "{\"a\":1e999999999}", "{\"a\":-0.0e-0}",
        "{\"name\":\"e\",\"name\":\"f\",\"userId\":\"1\",\"userId\":2,\"data\":{},\"data\":[]}",
        "{\"name\":\"\\ud800\",\"userId\":\"\\ud800\",\"data\":{\"\\udfff\":1},\"identifiers\":{\"id\":\"\\ud800\"}}",
        "{\"name\":\"\\u0000\",\"userId\":\"\\u0000\",\"identifiers\":{\"id\":\"\\u0000\"},\"traits\":{\"\\u0000\":\"\\u0000\"}}",
        "{\"batch\":[{\"type\":\"person\",\"identifiers\":{\"id\":\"\\ud800\"},\"action\":\"identify\"},null,[],{\"\\ud800\":1}]}",
        "{\"batch\":[{\"type\":\"identify\",\"userId\":\"\\udc00\"},{\"type\":\"\\ud800\"}],\"\\ud800\":1,\"batch\":[]}",
        "{\"primary\":{\"id\":\"\\ud800\"},\"secondary\":{\"id\":\"\\u0000\"}}", "{\"timestamp\":1e400,\"name\":\"e\",\"id\":{}}", "{\"name\":123,\"id\":\"\\ud800\",\"type\":\"page\"}",
        "{\"\\ud800\":1}", "{\"batch\":{}}", "{\"batch\":[]}", "{\"reason\":\"\\ud800\"}", "{\"reason\":1}",
    ];

    private RawCustomerIo CustomerIo => wire.CustomerIo;

    private IEnumerable<(Uri Url, string Line, string Credentials)> Endpoints =>
    [
        .. Road.All.Where(road => road.Body.Length > 0).Select(road => (_dispatcher.Url, road.Line, road.Credentials)),
        (_dispatcher.Url, "POST /bulk/identify", Road.Track),
        (_dispatcher.Url, "POST /api/v1/forms/f/submit", Road.Track),
        (_dispatcher.Url, "POST /api/v1/segments/1/add_customers", Road.Track),
        (_dispatcher.Url, "PUT /api/v1/customers/1/devices", Road.Track),
        (_dispatcher.Admin, "POST /admin/workspaces/other/pause", "X-None: 1"),
    ];

    public async ValueTask InitializeAsync() => await wire.BeginAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_body_with_bad_chunks_is_answered_400()
    {
        string[] bodies = ["ZZ\r\n{}\r\n0\r\n\r\n", "2\r\n{}XX0\r\n\r\n", "-1\r\n", "FFFFFFFFFFFFFFFFFF\r\n{}", "80000000\r\n{}", "2;\n{}\r\n0\r\n\r\n"];
        foreach (var (url, line, credentials) in Endpoints)
        {
            foreach (var body in bodies)
            {
                var status = await RawCaller.ExchangeAsync(url, $"{line} HTTP/1.1\r\nHost: {url.Authority}\r\n{credentials}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{body}");

                // An import's answer begins before its body has come: there the summary is missing.
                Assert.True(status == 400 || (status == 200 && line.Contains("bulk", StringComparison.Ordinal)), $"{line} answered {status} to {body}");
            }

            await GoodAsync();
        }

        await AssertGoodArrivedAsync();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Trailers_are_nobodys_error_whatever_they_hold()
    {
        string[] trailers = ["X-A: \0", "Authorization: \0", "Idempotency-Key: \u00FF", "Connection: \0", "Content-Length: \0", "X-A: \u00FF\u0080"];
        foreach (var (url, line, credentials) in Endpoints.Append((_dispatcher.Url, "GET /health/live", "X-None: 1")).Append((_dispatcher.Admin, "GET /metrics", "X-None: 1")))
        {
            foreach (var trailer in trailers)
            {
                var status = await RawCaller.ExchangeAsync(
                    url, $"{line} HTTP/1.1\r\nHost: {url.Authority}\r\n{credentials}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n{trailer}\r\n\r\n");
                Assert.True(status is >= 200 and < 500, $"{line} answered {status} to the trailer {trailer}");
            }

            await GoodAsync();
        }

        await AssertGoodArrivedAsync(exceptFor: DrainedTrailer);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_body_that_is_no_UTF8_is_stored_on_no_road()
    {
        (Uri, string, string)[] stored =
        [
            .. Endpoints.Where(e => e.Line.Contains("/api/", StringComparison.Ordinal) && !e.Line.Contains("/forms/", StringComparison.Ordinal)),
            (_dispatcher.Url, "POST /v1/identify", Road.Pipelines),
            (_dispatcher.Url, "POST /v1/group", Road.Pipelines),
            (_dispatcher.Url, "POST /v1/batch", Road.Pipelines),
            (_dispatcher.Url, "POST /v1/send/push", $"{Road.App}\r\nPrefer: respond-async"),
            (_dispatcher.Url, "POST /v1/send/email", $"{Road.App}\r\nIdempotency-Key: 1"),
        ];
        foreach (var (url, line, credentials) in stored)
        {
            foreach (var body in new[] { "{\"userId\":\"1\",\"g\u00D7o\":\"g\",\"name\":\"e\"}", "{\"userId\":\"1\",\"traits\":{\"a\":\"\u00FF\"},\"event\":\"e\",\"name\":\"e\"}" })
            {
                Assert.Equal((line, 400), (line, await RawCaller.SendAsync(url, line, body, credentials)));
            }

            await GoodAsync();
        }

        Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, "POST /bulk/identify", "{\"id\":\"1\",\"attributes\":{\"\u00FF\":1}}", Road.Track));
        await AssertGoodArrivedAsync();
        Assert.DoesNotContain(CustomerIo.Requests, request => !request.Contains("good", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_caller_who_goes_in_the_middle_of_a_body_is_no_error()
    {
        // Whether the answer or the news of the broken connection comes first differs from time to time, so all of it is done often.
        foreach (var (url, line, credentials) in Enumerable.Repeat(Endpoints, 40).SelectMany(endpoints => endpoints))
        {
            foreach (var isReset in new[] { false, true })
            {
                // A TcpClient would shut its socket down before it closes it, so that the reset would come behind an end in good order.
                using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(isReset, 0) };
                await client.ConnectAsync(url.Host, url.Port);
                await client.SendAsync(Encoding.Latin1.GetBytes($"{line} HTTP/1.1\r\nHost: {url.Authority}\r\n{credentials}\r\nContent-Length: 100\r\n\r\n{{\"a\":"));
            }

            await GoodAsync();
        }

        await AssertGoodArrivedAsync();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task No_body_makes_any_endpoint_fail()
    {
        foreach (var (url, line, credentials) in Endpoints)
        {
            foreach (var body in _bodies)
            {
                foreach (var encoding in new[] { "X-None: 1", "Content-Encoding: gzip", "Content-Encoding: br" })
                {
                    if (encoding[0] == 'X' || body.Length < 3)
                    {
                        var status = await RawCaller.SendAsync(url, line, body, credentials, "Content-Type: application/json", encoding);
                        Assert.True(status is >= 200 and < 500, $"{line} answered {status} to {encoding} {body[..Math.Min(200, body.Length)]}");
                    }
                }
            }

            await GoodAsync();
        }

        await AssertGoodArrivedAsync();
    }

    private async Task GoodAsync() =>
        Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, "PUT /api/v1/customers/good", $"{{\"good\":{_good++}}}", Road.Track));

    private async Task AssertGoodArrivedAsync(string? exceptFor = null)
    {
        await _dispatcher.WaitUntilEmptyAsync().WaitAsync(_patience);
        Assert.Equal(
            Enumerable.Range(0, _good),
            CustomerIo.Requests.Select(request => Number().Match(request)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value)));
        ErrorLines.AssertNone(wire.Output, exceptFor);
    }

    [GeneratedRegex("\"good\":([0-9]+)")]
    private static partial Regex Number();
}
