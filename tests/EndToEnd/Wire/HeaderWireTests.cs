using System.Text.RegularExpressions;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>Headers and targets, byte for byte, through the real process: bare sockets on both ends, on every road to Customer.io.</summary>
public sealed partial class HeaderWireTests(SharedWire wire) : IClassFixture<SharedWire>, IAsyncLifetime
{
    /// <summary>How long the dispatcher may take to deliver a call.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Dispatcher _dispatcher = wire.Dispatcher;

    private RawCustomerIo CustomerIo => wire.CustomerIo;

    public async ValueTask InitializeAsync() => await wire.BeginAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Header_values_arrive_as_the_bytes_that_came_on_every_road()
    {
        // UTF-8, Latin-1, bytes that are no UTF-8, and the bytes of U+0085, U+2028 and U+2029.
        const string utf8 = "X-Utf8: Gr\u00C3\u00BC\u00C3\u009Fe \u00E4\u00B8\u0096";
        const string latin1 = "X-Latin1: Gr\u00FC\u00DFe";
        const string odd = "X-Odd: \u00C3\u0028 \u00FF\u0080 \u00C2\u0085Host: evil\u00E2\u0080\u00A8Host: evil\u00E2\u0080\u00A9Host: evil";

        foreach (var road in Road.All)
        {
            Assert.InRange(await RawCaller.SendAsync(_dispatcher.Url, road.Line, road.Body, road.Credentials, utf8, latin1, odd), 200, 202);

            var request = await ArrivalAsync(road.Line);
            Assert.All(new[] { utf8, latin1, odd }, header => Assert.Equal((road, 1), (road, Count(request, $"\r\n{header}\r\n"))));
            Assert.Equal((road, 1), (road, Count(request, "\r\nHost: ")));
        }

        AssertNoErrors();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Nothing_a_caller_says_overrides_host_and_credentials_or_concerns_another_hop_on_any_road()
    {
        foreach (var (credentials, line, body) in Road.All)
        {
            Assert.InRange(
                await RawCaller.ExchangeAsync(
                    _dispatcher.Url,
                    $"{line} HTTP/1.1\r\n{credentials}\r\nHost: evil.example\r\nConnection: close, X-Named, X-Other\r\nX-Named: evil\r\nx-other: evil\r\nCookie: evil=1\r\n" +
                    "Forwarded: for=evil\r\nX-Forwarded-Host: evil\r\nVia: 1.1 evil\r\nProxy-Authorization: Basic evil\r\nTE: trailers\r\nTrailer: X-Evil\r\nUpgrade: evil\r\n" +
                    $"Keep-Alive: evil\r\nX-Kept: 1\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
                200,
                202);

            var request = await ArrivalAsync(line);
            Assert.Contains("\r\nX-Kept: 1\r\n", request, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("trailers", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("x-dispatch", request, StringComparison.OrdinalIgnoreCase);
            Assert.Equal((line, 1, 1), (line, Count(request, $"\r\nHost: {CustomerIo.Url.Authority}\r\n"), Count(request, "\r\nAuthorization: ")));
        }

        AssertNoErrors();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Control_characters_and_targets_that_lead_elsewhere_are_refused_while_a_good_customers_calls_go_on()
    {
        var bad = 0;
        for (var c = 0; c <= 0x7F; c++)
        {
            if (c is not ('\r' or '\n') && (c < 0x20 || c == 0x7F))
            {
                foreach (var (credentials, line, body) in Road.All)
                {
                    if (c is '\f' or 1 || line.StartsWith("PUT /api", StringComparison.Ordinal))
                    {
                        Assert.Equal(400, await RawCaller.SendAsync(_dispatcher.Url, line, body, credentials, $"X-A: v{(char)c}Host: evil.example"));
                        bad++;
                    }
                }
            }

            Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, $"PUT /api/v1/customers/good", $"{{\"n\":{c}}}", Road.Track));
        }

        string[] targets = ["@127.0.0.1/x", "//evil.example/api/v1/customers/1", "/api/v1/customers/1#x", "/api/v1/customers/a b", "/api/v1/customers/\u00FC", "http:/x"];
        foreach (var target in targets)
        {
            Assert.Equal(400, await RawCaller.SendAsync(_dispatcher.Url, $"PUT {target}", "{}", Road.Track));
        }

        await _dispatcher.WaitUntilEmptyAsync();
        Assert.True(bad > 40, $"{bad} attacks");
        Assert.Equal(Enumerable.Range(0, 0x80), CustomerIo.Requests.Select(request => int.Parse(Number().Match(request).Groups[1].Value)));
        AssertNoErrors();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_spelling_that_hides_a_send_is_refused()
    {
        string[] spellings =
        [
            "/v1/x/../send/email", "/v1/./send/email", "/v1/send//email", "/v1/send%2Femail", "/v1/x/..%2Fsend/email", "/v1/%2573end/email", "/v1/Send/email",
            "/v1/x%2f..%2fsend%2femail", "/v1/campaigns/1/x/../triggers", "/v1/campaigns/1/Triggers", "/v1/x\\..\\send\\email", "/v1/send/email;x", "/v1/send;x/email",
        ];
        foreach (var spelling in spellings)
        {
            Assert.Equal((spelling, 400), (spelling, await RawCaller.SendAsync(_dispatcher.Url, $"POST {spelling}", "{}", Road.App)));
        }

        // These are equal to the documented form, and leave in it.
        string[] equal = ["/v1/%73end/email", "/v1//send/email", "/v1/send/email/", "/v1/send/%65mail"];
        foreach (var spelling in equal)
        {
            Assert.Equal((spelling, 200), (spelling, await RawCaller.SendAsync(_dispatcher.Url, $"POST {spelling}", "{}", Road.App)));
        }

        // This path only contains the words of a send. It is sent unchanged.
        Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, "POST /v1/customers/a%2Fsend%2Femail/attributes", "{}", Road.App));
        Assert.Equal([.. equal.Select(_ => "POST /v1/send/email"), "POST /v1/customers/a%2Fsend%2Femail/attributes"], CustomerIo.Requests.Select(request => request[..request.IndexOf(" HTTP", StringComparison.Ordinal)]));
        AssertNoErrors();
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private Task<string> ArrivalAsync(string line) => CustomerIo.ArrivalAsync(line, _patience, _dispatcher);

    private void AssertNoErrors() => ErrorLines.AssertNone(wire.Output);

    [GeneratedRegex("\"n\":([0-9]+)")]
    private static partial Regex Number();
}
