using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>Headers and targets, byte for byte, through the real process: bare sockets on both ends, on every road to Customer.io.</summary>
public sealed partial class HeaderWireTests : IAsyncLifetime
{
    /// <summary>How long the dispatcher may take to deliver a handful of calls.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private Dispatcher _dispatcher = null!;

    private DataFolder Data { get; } = new();

    private RawCustomerIo CustomerIo { get; } = new();

    public async ValueTask InitializeAsync() => _dispatcher = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        await CustomerIo.DisposeAsync();
        Data.Dispose();
    }

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

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Rows_of_the_first_version_that_cannot_be_sent_are_dead_letters_at_once_and_hold_up_nobody()
    {
        // Paused, so that all of them are still there to be changed into what the first version could store.
        await AdminAsync("pause");
        for (var i = 0; i < 500; i++)
        {
            var (credentials, line, body) = (i % 3) switch
            {
                0 => (Road.Track, $"PUT /api/v1/customers/{i}", "{}"),
                1 => (Road.Track, "POST /api/v2/entity", Road.Operation($"{i}")),
                _ => ($"{Road.App}\r\nPrefer: respond-async", "POST /v1/send/email", """{"identifiers":{"id":"1"}}"""),
            };
            Assert.InRange(await RawCaller.SendAsync(_dispatcher.Url, line, body, credentials), 200, 202);
        }

        await _dispatcher.DisposeAsync();
        Change("update calls set headers = case position % 4 when 0 then 'X-A: v' || char(12) || 'Host: evil' when 1 then 'X A: v' when 2 then 'X-A: ' || char(1) else headers end, "
            + "target = case position % 4 when 3 then '@127.0.0.1/x' else target end");
        _dispatcher = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, "PUT /api/v1/customers/good", $"{{\"n\":{i}}}", Road.Track, "X-Good: \u00FC"));
        }

        await AdminAsync("resume");
        await _dispatcher.WaitUntilEmptyAsync().WaitAsync(_patience);

        Assert.Equal(Enumerable.Range(0, 20), CustomerIo.Requests.Select(request => int.Parse(Number().Match(request).Groups[1].Value)));
        Assert.Equal(500, Count("select count(*) from dead_letters where reason like '%cannot be sent%'"));
        AssertNoErrors();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_header_with_an_umlaut_that_the_first_version_stored_leaves_as_it_came()
    {
        await AdminAsync("pause");
        Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, "PUT /api/v1/customers/1", "{}", Road.Track));
        await _dispatcher.DisposeAsync();
        Change("update calls set headers = 'X-A: Grüße' || char(10)");
        _dispatcher = await StartAsync();
        await AdminAsync("resume");

        Assert.Contains("\r\nX-A: Gr\u00C3\u00BC\u00C3\u009Fe\r\n", await ArrivalAsync("PUT /api/v1/customers/1"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task What_is_stored_of_headers_is_bounded()
    {
        Assert.Equal(431, await RawCaller.SendAsync(_dispatcher.Url, "PUT /api/v1/customers/1", "{}", Road.Track, $"X-A: {new string('a', 4_096)}"));
        Assert.Equal(431, await RawCaller.SendAsync(_dispatcher.Url, "POST /v1/send/email", "{}", Road.App, "Prefer: respond-async", $"X-A: {new string('a', 4_096)}"));
        Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, "PUT /api/v1/customers/1", "{}", Road.Track, $"X-A: {new string('a', 4_000)}"));

        await _dispatcher.WaitUntilEmptyAsync();
        await AdminAsync("pause");
        var operations = string.Join(',', Enumerable.Range(0, 2_000).Select(i => Road.Operation($"{i}")));
        Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, "POST /api/v2/batch", $$"""{"batch":[{{operations}}]}""", Road.Track, $"X-A: {new string('a', 4_000)}", "User-Agent: an SDK"));
        var items = string.Join(',', Enumerable.Range(0, 2_000).Select(i => $$"""{"type":"identify","userId":"{{i}}"}"""));
        Assert.Equal(200, await RawCaller.SendAsync(_dispatcher.Url, "POST /v1/batch", $$"""{"batch":[{{items}}]}""", Road.Pipelines, $"X-A: {new string('a', 4_000)}", "User-Agent: an SDK"));

        await _dispatcher.DisposeAsync();
        Assert.Equal((4_000, 4_000), (Count("select count(*) from calls"), Count("select count(*) from calls where headers like '%User-Agent: an SDK%'")));
        Assert.InRange(Count("select sum(length(headers)) from calls"), 1, 4_000 * 300);
        _dispatcher = await StartAsync();
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private Task<Dispatcher> StartAsync() => Dispatcher.StartAsync(
        Data,
        CustomerIo.Url,
        ("AppApiKey", "app"), ("PipelinesWriteKey", "write"), ("PipelinesUrl", CustomerIo.Url.ToString()),
        ("Limits__query", "1000/1s"), ("Limits__broadcast", "query"), ("Limits__identify", "1000/1s"),

        // The operations of a batch reach their customers' grains one by one, and on a busy machine far apart.
        ("Batching__Linger", "1s"));

    private async Task<string> ArrivalAsync(string line)
    {
        try
        {
            return await Wait.ForAnswerAsync(
                line, _patience, () => Task.FromResult(CustomerIo.Requests.FirstOrDefault(request => request.StartsWith($"{line} HTTP", StringComparison.Ordinal))));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} The dispatcher said:\n{_dispatcher.Output}", exception);
        }
    }

    private async Task AdminAsync(string action)
    {
        using var answer = await _dispatcher.Http.PostAsync(new Uri($"/admin/workspaces/acme/{action}", UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }

    private void AssertNoErrors() => Assert.Equal([], _dispatcher.Output.Split('\n').Where(line => Errors().IsMatch(line)));

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Data.Path, "cio.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Change(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private int Count(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), null);
    }

    [GeneratedRegex("\"n\":([0-9]+)")]
    private static partial Regex Number();

    [GeneratedRegex("Exception|\"LogLevel\":\"Error\"|(^|Z )(fail|crit):")]
    private static partial Regex Errors();
}
