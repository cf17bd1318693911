using System.Net;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.History;
using CioOrleans.Limits;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminHistoryTests : IAsyncLifetime
{
    private const string Id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Path = "/admin/workspaces/acme";

    private readonly IHistoryGrain _history = Host.NoHistory();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync();
        _host.Grains.GetGrain<IHistoryGrain>("acme").Returns(_history);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Rows_are_searched_by_every_part_of_the_filter_and_come_in_pages()
    {
        var filter = new HistoryFilter
        {
            Customer = "id:42", CallId = Ulid.Parse(Id), EventId = "e 1", Kind = CallKind.AnonymousEvent, Import = Ulid.Parse(Id), Status = HistoryStatus.ServerError,
            From = new DateTimeOffset(2026, 11, 27, 15, 0, 0, TimeSpan.Zero), To = new DateTimeOffset(2026, 11, 27, 15, 40, 0, TimeSpan.Zero),
        };
        _history.Search(filter, 7, 2).Returns(ValueTask.FromResult(new HistoryPage([Row()], 5)));

        var answer = await _host.SendAsync(
            "GET",
            $"{Path}/history?customer=42&call={Id}&event=e%201&kind=anonymous-event&import={Id}&status=5xx&from=2026-11-27T15:00Z&to=2026-11-27T15:40Z&after=7&limit=2");

        Assert.Equal(
            (
                HttpStatusCode.OK,
                $$"""{"rows":[{"result":"failed","limitClass":"track","ended":"2026-11-27T15:00:00.5+00:00","sent":"2026-11-27T15:00:00+00:00","precisionMs":0.25,"status":503,"reason":"503: no","customer":"id:42","callId":"{{Id}}","sequence":9,"kind":"event","acceptedAt":"2026-11-27T14:00:00+00:00","attempt":2,"isEnd":false,"epoch":3,"permit":4,"silo":"s"}],"next":"5"}"""),
            answer);
    }

    [Theory]
    [InlineData("from=perhaps", "'from' is a time (2026-11-27T15:00Z), today, yesterday, or how long ago (90m, 24h, 7d).")]
    [InlineData("status=6xx", "There is no status '6xx': success, failure, 3xx, 4xx, 5xx, none (no answer), dead-letter, or a status (422).")]
    [InlineData("kind=poem", "There is no kind of call 'poem'.")]
    [InlineData("call=1", "'1' is no call's id: a ULID.")]
    [InlineData("limit=0", "'limit' is a whole number from 1 to 1000.")]
    [InlineData("after=x", "'after' is the 'next' of the page before.")]
    public async Task What_cannot_be_searched_for_is_said(string query, string error) => Assert.Equal(
        (HttpStatusCode.BadRequest, $$$"""{"meta":{"error":"{{{error}}}"}}"""), await _host.SendAsync("GET", $"{Path}/history?{query}"));

    [Fact]
    public async Task Bodies_come_where_they_are_asked_for_and_only_with_the_role_to_operate()
    {
        await using var host = await Host.StartAsync(more: [("Dispatcher:Admin:Keys:reader:Key", "reads"), ("Dispatcher:Admin:Keys:reader:Role", "Read"), ("Dispatcher:Admin:Keys:ann:Key", "operates"), ("Dispatcher:Admin:Keys:ann:Role", "Operate")]);
        host.Grains.GetGrain<IHistoryGrain>("acme").Returns(_history);
        var call = new Call
        {
            Id = Ulid.Parse(Id), Kind = CallKind.Event, LimitClass = LimitClass.Track, Method = "POST", Target = "/api/v1/customers/42/events", Headers = CallHeaders.None,
            Body = "{\"name\":\"ü\"}"u8.ToArray(), AcceptedAt = DateTimeOffset.UnixEpoch,
        };
        _history.Search(new HistoryFilter { WithBodies = true }, null, 50).Returns(ValueTask.FromResult(new HistoryPage([Row() with { Body = HistoryBody.Of(call, "no") }], null)));

        Task<(HttpStatusCode Status, string Body)> AsAsync(string key, string query) => host.SendAsync("GET", $"{Path}/{query}", headers: ("Authorization", $"Bearer {key}"));

        var (status, body) = await AsAsync("operates", "history?bodies=true");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("""
            "request":{"method":"POST","target":"/api/v1/customers/42/events","body":"{\"name\":\"ü\"}"},"answer":"no"
            """, body, StringComparison.Ordinal);
        var refused = (HttpStatusCode.Forbidden, """{"meta":{"error":"The key 'reader' has the role Read, and bodies need Operate."}}""");
        foreach (var query in new[] { "history?bodies=true", "history/export?bodies=true", "customers/42/timeline?bodies=true", $"calls/{Id}?bodies=true" })
        {
            Assert.Equal(refused, await AsAsync("reads", query));
        }

        Assert.Equal(HttpStatusCode.OK, (await AsAsync("reads", "history?bodies=false")).Status);
    }

    [Theory]
    [InlineData("503", HistoryStatus.ServerError, "[503]")]
    [InlineData("5xx", HistoryStatus.ServerError, "[503,500]")]
    [InlineData("200", null, "[200]")]
    [InlineData("success", HistoryStatus.Success, "[200]")]
    [InlineData("failure", HistoryStatus.Failure, "[503,200,500]")]
    public async Task A_status_selects_rows_and_one_status_only_its_own(string status, HistoryStatus? asked, string found)
    {
        // What the store answers for the class; it never answers more than that.
        _history.Search(new HistoryFilter { Status = asked }, null, 50).Returns(ValueTask.FromResult(new HistoryPage(
            [Row(), .. asked == HistoryStatus.ServerError ? [] : new[] { Row() with { Status = 200 } }, Row() with { Status = 500 }], null)));

        var (code, body) = await _host.SendAsync("GET", $"{Path}/history?status={status}");

        Assert.Equal(HttpStatusCode.OK, code);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal(found, $"[{string.Join(',', answer.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("status").GetInt32()))}]");
    }

    [Fact]
    public async Task An_export_has_all_pages_one_row_a_line()
    {
        _history.Search(new HistoryFilter(), null, 1_000).Returns(ValueTask.FromResult(new HistoryPage([Row(), Row()], 5)));
        _history.Search(new HistoryFilter(), 5, 1_000).Returns(ValueTask.FromResult(new HistoryPage([Row()], null)));

        var lines = (await _host.Http.GetStringAsync($"{Path}/history/export")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("""{"result":"failed",""", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_proof_says_its_verdict_and_what_it_rests_on()
    {
        var from = new DateTimeOffset(2026, 11, 27, 15, 0, 0, TimeSpan.Zero);
        var report = new ProofReport(
            from, from.AddHours(1), 7, 6, [new LimitProof([LimitClass.Identify, LimitClass.Track], 100, TimeSpan.FromSeconds(1), 99, from, 98, TimeSpan.FromMilliseconds(2), false)],
            [new ProofViolation(ProofViolationKind.Order, from, 4, 9, 8) { CustomerKey = "id:42" }], 1, [new NotJudged(from, from, NotJudgedReason.LostOwner, 0)], 2);
        _history.Verify(from, null).Returns(ValueTask.FromResult(report));

        Assert.Equal(
            (
                HttpStatusCode.OK,
                """{"workspace":"acme","verdict":"broken","from":"2026-11-27T15:00:00+00:00","to":"2026-11-27T16:00:00+00:00","rows":7,"requests":6,"openCalls":2,"limits":[{"classes":["identify","track"],"permits":100,"windowSeconds":1,"verdict":"kept","most":99,"mostAt":"2026-11-27T15:00:00+00:00","mostWithExactClocks":98,"precisionMs":2,"isBoundOnly":false}],"violationCount":1,"violations":[{"kind":"order","at":"2026-11-27T15:00:00+00:00","customer":"id:42","sequence":9,"otherSequence":8}],"notJudged":[{"from":"2026-11-27T15:00:00+00:00","to":"2026-11-27T15:00:00+00:00","why":"lost-owner","count":0}]}"""),
            await _host.SendAsync("GET", $"{Path}/history/verify?from=2026-11-27T15:00Z"));
    }

    [Fact]
    public async Task A_customer_is_erased_part_by_part()
    {
        _history.Erase("id:42").Returns(ValueTask.FromResult(new HistoryErasure(20_000, HasMore: true)), ValueTask.FromResult(new HistoryErasure(5, HasMore: false)));

        Assert.Equal((HttpStatusCode.OK, """{"erased":20005,"isComplete":true}"""), await _host.SendAsync("DELETE", $"{Path}/customers/42/history"));
    }

    [Fact]
    public async Task An_erasure_that_cannot_be_stored_is_answered_503()
    {
        _history.Erase("id:42").Returns(ValueTask.FromResult(new HistoryErasure(0, HasMore: true, "the disk is full")));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _host.SendAsync("DELETE", $"{Path}/customers/42/history")).Status);
    }

    private static HistoryRow Row() => new()
    {
        Id = 1,
        Workspace = "acme",
        Customer = "id:42",
        CallId = Ulid.Parse(Id),
        Sequence = 9,
        Kind = CallKind.Event,
        LimitClass = LimitClass.Track,
        AcceptedAt = new DateTimeOffset(2026, 11, 27, 14, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(),
        Attempt = 2,
        Epoch = 3,
        Permit = 4,
        Silo = "s",
        Sent = HistoryId.Microseconds(new DateTimeOffset(2026, 11, 27, 15, 0, 0, TimeSpan.Zero)),
        Ended = HistoryId.Microseconds(new DateTimeOffset(2026, 11, 27, 15, 0, 0, TimeSpan.Zero)) + 500_000,
        Precision = 250,
        Result = HistoryResult.Failed,
        Status = 503,
        Reason = "503: no",
    };
}
