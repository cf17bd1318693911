using System.Net.Sockets;
using System.Text;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>Malformed input on every road, while a good customer's calls go on: it is refused, never a 5xx, and never an error in the log.</summary>
public sealed class MalformedInputTests(SharedWire wire) : MalformedInput(wire), IClassFixture<SharedWire>
{
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
    public async Task A_body_that_is_no_UTF8_is_stored_on_no_road()
    {
        (Uri, string, string)[] stored =
        [
            .. Endpoints.Where(e => e.Line.Contains("/api/", StringComparison.Ordinal) && !e.Line.Contains("/forms/", StringComparison.Ordinal)),
            (Dispatcher.Url, "POST /v1/identify", Road.Pipelines),
            (Dispatcher.Url, "POST /v1/group", Road.Pipelines),
            (Dispatcher.Url, "POST /v1/batch", Road.Pipelines),
            (Dispatcher.Url, "POST /v1/send/push", $"{Road.App}\r\nPrefer: respond-async"),
            (Dispatcher.Url, "POST /v1/send/email", $"{Road.App}\r\nIdempotency-Key: 1"),
        ];
        foreach (var (url, line, credentials) in stored)
        {
            foreach (var body in new[] { "{\"userId\":\"1\",\"g\u00D7o\":\"g\",\"name\":\"e\"}", "{\"userId\":\"1\",\"traits\":{\"a\":\"\u00FF\"},\"event\":\"e\",\"name\":\"e\"}" })
            {
                Assert.Equal((line, 400), (line, await RawCaller.SendAsync(url, line, body, credentials)));
            }

            await GoodAsync();
        }

        Assert.Equal(200, await RawCaller.SendAsync(Dispatcher.Url, "POST /bulk/identify", "{\"id\":\"1\",\"attributes\":{\"\u00FF\":1}}", Road.Track));
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
}
