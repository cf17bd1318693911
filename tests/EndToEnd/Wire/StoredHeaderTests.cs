using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>What is stored of headers and targets, and what an earlier version has stored: bare sockets on both ends of the real process.</summary>
public sealed partial class StoredHeaderTests : IAsyncLifetime
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

        Assert.Contains("\r\nX-A: Gr\u00C3\u00BC\u00C3\u009Fe\r\n", await CustomerIo.ArrivalAsync("PUT /api/v1/customers/1", _patience, _dispatcher), StringComparison.Ordinal);
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

    private Task<Dispatcher> StartAsync() => Dispatcher.StartAsync(Data, CustomerIo.Url, SharedWire.SettingsFor(CustomerIo.Url));

    private async Task AdminAsync(string action)
    {
        using var answer = await _dispatcher.Http.PostAsync(new Uri($"/admin/workspaces/acme/{action}", UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }

    private void AssertNoErrors() => ErrorLines.AssertNone(_dispatcher.Output);

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
}
