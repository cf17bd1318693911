using System.Net;
using System.Text.Json;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Recording;

namespace CioOrleans.EndToEnd;

/// <summary>
/// Each kind of request to Customer.io, through one process: its rows, compared with the sandbox's own list of what has arrived. A request has one permit, and
/// the rows of a permit tell of one request.
/// </summary>
public sealed class HistoryRowTests(RecordedDispatcher recorded) : IClassFixture<RecordedDispatcher>
{
    /// <summary>The clocks of the record and of the sandbox are the same machine's, and are set by different means.</summary>
    private static readonly TimeSpan _clocks = TimeSpan.FromMilliseconds(100);

    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>What is requested, and the different rows that follow, the oldest first: result, kind, class, customer, status, whether the call has ended.</summary>
    private static readonly Dictionary<string, (Func<RecordedDispatcher, Task> Request, string[] Rows)> _kinds = new(StringComparer.Ordinal)
    {
        ["Track v1 call"] = (
            http => http.SendAsync("PUT", "/api/v1/customers/v1", """{"plan":"pro"}"""),
            ["delivered identify identify id:v1 200 end"]),
        ["Track v1 call without a person"] = (
            http => http.SendAsync("POST", "/api/v1/events", """{"name":"seen","anonymous_id":"a"}"""),
            ["delivered anonymous-event track anonymous-queue: 200 end"]),
        ["form"] = (
            http => http.SendAsync("POST", "/api/v1/forms/f/submit", """{"data":{"email":"form@example.com"}}"""),
            ["delivered form track form: 204 end"]),
        ["delivery metric"] = (
            http => http.SendAsync("POST", "/api/v1/metrics", """{"delivery_id":"d","metric":"opened","timestamp":1700000000}"""),
            ["delivered metric track delivery-queue: 200 end"]),
        ["merge"] = (
            http => http.SendAsync("POST", "/api/v1/merge_customers", """{"primary":{"id":"m1"},"secondary":{"id":"m2"}}"""),
            ["delivered merge identify id:m1 200 end"]),
        ["attempts that fail"] = (
            http => http.WhileFailingAsync(
                new SandboxFaults { ServerErrorAfterProcessing = 1 },
                () => http.SendAsync("POST", "/api/v1/customers/failing/events", """{"name":"bought"}""")),
            ["failed event track id:failing 500 open", "delivered event track id:failing 200 end"]),
        ["attempt without an answer"] = (
            http => http.WhileFailingAsync(
                new SandboxFaults { TimeOutAfterProcessing = 1 },
                () => http.SendAsync("POST", "/api/v1/customers/silent/events", """{"name":"bought"}""")),
            ["failed event track id:silent 0 open", "delivered event track id:silent 200 end"]),
        ["connections that Customer.io closes under requests without a body"] = (
            async http =>
            {
                // Over connections that were used before: an HTTP client may repeat such a request by itself.
                await Task.WhenAll(http.SendAsync("DELETE", "/api/v1/customers/closing"), http.SendAsync("GET", "/v1/segments", null, RecordedDispatcher.App));
                await http.ArrivedAsync(2);
                http.Sandbox.Faults = new SandboxFaults { Close = 1 };
                await Task.WhenAll(
                    http.SendAsync("DELETE", "/api/v1/customers/closing"),
                    http.SendAsync("GET", "/v1/segments", null, RecordedDispatcher.App, expected: HttpStatusCode.BadGateway));
                await http.ArrivedAsync(4);
                http.Sandbox.Faults = SandboxFaults.None;
            },
            [
                "delivered delete-customer identify id:closing 200 end", "forwarded - query - 200 open",
                "failed delete-customer identify id:closing 0 open", "unanswered - query - 0 open",
            ]),
        ["429"] = (
            http => http.WhileFailingAsync(
                new SandboxFaults { Throttled = 1, RetryAfter = "1" },
                () => http.SendAsync("POST", "/api/v1/customers/throttled/events", """{"name":"bought"}""")),
            ["throttled event track id:throttled 429 open", "delivered event track id:throttled 200 end"]),
        ["probes of an outage"] = (
            async http =>
            {
                http.Sandbox.Faults = new SandboxFaults { Outage = Outage.ServerError };
                await Task.WhenAll(Enumerable.Range(1, 6).Select(i => http.SendAsync("POST", $"/api/v1/customers/outage{i}/events", """{"name":"bought"}""")));
                await Wait.UntilAsync("The outage", _patience, async () => (await http.AdminAsync("")).GetProperty("hosts").GetRawText().Contains("outage", StringComparison.Ordinal));
                await http.ArrivedAsync(http.Sandbox.Requests.Count + 1);
                http.Sandbox.Faults = SandboxFaults.None;
            },
            ["failed event track id:outage 500 open", "delivered event track id:outage 200 end"]),
        ["dead letter and its replay"] = (
            async http =>
            {
                http.Sandbox.Faults = new SandboxFaults { RefuseFirst = "refused-once" };
                await http.SendAsync("POST", "/api/v1/customers/dead/events", """{"name":"refused-once"}""");
                var letter = await Wait.ForAnswerAsync("The dead letter", _patience, async () =>
                    (await http.AdminAsync("/dead-letters")).GetProperty("deadLetters").EnumerateArray()
                        .Where(item => item.GetProperty("customer").GetString() == "id:dead").Select(item => item.GetProperty("id").GetString()).SingleOrDefault());
                await http.AdminAsync($"/dead-letters/{letter}/replay", "POST");
            },
            ["rejected event track id:dead 400 end", "delivered event track id:dead 200 end"]),
        ["discard of a waiting call"] = (
            http => http.WhilePausedAsync(async () =>
            {
                await http.SendAsync("PUT", "/api/v1/customers/discarded", "{}");
                await http.AdminAsync("/customers/discarded/calls?kind=identify", "DELETE");
            }),
            ["discarded identify identify id:discarded 0 end"]),
        ["Track v2 call"] = (
            http => http.SendAsync("POST", "/api/v2/entity", """{"type":"person","identifiers":{"id":"v2"},"action":"identify","attributes":{}}"""),
            ["delivered identify batch id:v2 200 end"]),
        ["batch of Track v2 calls"] = (
            http => http.WhilePausedAsync(() => http.SendAsync("POST", "/api/v2/batch", V2Batch("b1", "b2", "b3"))),
            ["delivered identify batch id:b1 200 end", "delivered identify batch id:b2 200 end", "delivered identify batch id:b3 200 end"]),
        ["batch of which Customer.io refuses all"] = (
            async http =>
            {
                http.Sandbox.Faults = new SandboxFaults { FailedItems = 1 };
                await http.WhilePausedAsync(() => http.SendAsync("POST", "/api/v2/batch", V2Batch("f1", "f2")));
                await http.ArrivedAsync(1);
                await Wait.UntilAsync("The dead letters", _patience, async () => (await http.AdminAsync("")).GetProperty("queued").GetInt64() == 0);
                http.Sandbox.Faults = SandboxFaults.None;
            },
            ["rejected identify batch id:f1 400 end", "rejected identify batch id:f2 400 end"]),
        ["batch that fails"] = (
            http => http.WhileFailingAsync(
                new SandboxFaults { ServerError = 1 },
                () => http.WhilePausedAsync(() => http.SendAsync("POST", "/api/v2/batch", V2Batch("e1", "e2")))),
            [
                "failed identify batch id:e1 500 open", "failed identify batch id:e2 500 open",
                "delivered identify batch id:e1 200 end", "delivered identify batch id:e2 200 end",
            ]),
        ["import"] = (
            http => http.WhilePausedAsync(() => http.SendAsync(
                "POST", "/bulk/identify?rows=2", "{\"id\":\"i1\",\"attributes\":{}}\n{\"id\":\"i2\",\"event\":{\"name\":\"imported\"}}\n")),
            [
                "delivered identify batch id:i1 200 end import", "delivered identify batch id:i2 200 end import",
                "delivered event batch id:i2 200 end import",
            ]),
        ["Pipelines call"] = (
            http => http.SendAsync("POST", "/v1/track", """{"userId":"p1","event":"bought"}""", RecordedDispatcher.Pipelines),
            ["delivered event pipelines id:p1 200 end"]),
        ["Pipelines batch"] = (
            http => http.WhilePausedAsync(() => http.SendAsync(
                "POST", "/v1/batch", """{"batch":[{"type":"identify","userId":"p2"},{"type":"track","userId":"p3","event":"bought"}]}""", RecordedDispatcher.Pipelines)),
            ["delivered identify pipelines id:p2 200 end", "delivered event pipelines id:p3 200 end"]),
        ["forwarded send"] = (
            http => http.SendAsync("POST", "/v1/send/email", Mail("fwd"), RecordedDispatcher.App),
            ["forwarded - transactional-email - 200 open"]),
        ["forwarded send whose outcome is unknown"] = (
            async http =>
            {
                http.Sandbox.Faults = new SandboxFaults { ServerErrorAfterProcessing = 1 };
                await http.SendAsync("POST", "/v1/send/push", Mail("lost"), RecordedDispatcher.App, expected: HttpStatusCode.FailedDependency);
                http.Sandbox.Faults = SandboxFaults.None;
            },
            ["forwarded - transactional-push - 500 open"]),
        ["forwarded send that Customer.io answers 429 and then takes"] = (
            async http =>
            {
                http.Sandbox.Faults = new SandboxFaults { Throttled = 1, RetryAfter = "1" };
                var sent = http.SendAsync("POST", "/v1/send/email", Mail("again"), RecordedDispatcher.App);
                await http.ArrivedAsync(1);
                http.Sandbox.Faults = SandboxFaults.None;
                await sent;
            },
            ["forwarded - transactional-email - 429 open", "forwarded - transactional-email - 200 open"]),
        ["stored send"] = (
            http => http.SendAsync("POST", "/v1/send/email", Mail("stored"), RecordedDispatcher.App, ("Prefer", "respond-async")),
            ["delivered send transactional-email send: 200 end"]),
        ["send behind its person's calls"] = (
            http => http.SendAsync("POST", "/v1/send/email", Mail("behind"), RecordedDispatcher.App, ("Prefer", "respond-async"), ("X-Dispatch-After", "customer")),
            ["delivered send transactional-email id:behind 200 end"]),
        ["send with a key"] = (
            http => http.SendAsync("POST", "/v1/send/email", Mail("keyed"), RecordedDispatcher.App, ("Idempotency-Key", "order 1")),
            ["delivered send transactional-email send: 200 end"]),
        ["stored send whose outcome is unknown"] = (
            http => http.WhileFailingAsync(
                new SandboxFaults { ServerErrorAfterProcessing = 1 },
                () => http.SendAsync("POST", "/v1/send/email", Mail("unknown"), RecordedDispatcher.App, ("Prefer", "respond-async"))),
            ["unknown send transactional-email send: 500 end"]),
        ["broadcast"] = (
            http => http.SendAsync("POST", "/v1/campaigns/1/triggers", "{}", RecordedDispatcher.App),
            ["forwarded - broadcast - 200 open"]),
        ["query that is passed through"] = (
            http => http.SendAsync("GET", "/v1/segments", null, RecordedDispatcher.App),
            ["forwarded - query - 200 open"]),
        ["region"] = (
            http => http.SendAsync("GET", "/api/v1/accounts/region"),
            ["forwarded - identify - 200 open"]),
        ["replay of a span"] = (
            async http =>
            {
                await http.SendAsync("PUT", "/api/v1/customers/replayed", """{"plan":"pro"}""");
                await http.ArrivedAsync(1);
                await Wait.UntilAsync("The delivery", _patience, async () => (await http.AdminAsync("/history/replay?from=1h&customer=replayed&dryRun=true", "POST")).GetProperty("replayable").GetInt64() == 1);
                await http.AdminAsync("/history/replay?from=1h&customer=replayed", "POST");
            },
            ["delivered identify identify id:replayed 200 end", "delivered identify identify id:replayed 200 end import"]),
    };

    public static TheoryData<string> Kinds => [.. _kinds.Keys];

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [MemberData(nameof(Kinds))]
    public async Task Each_request_that_arrives_has_the_rows_of_one_permit(string kind)
    {
        var (request, expected) = _kinds[kind];
        recorded.Sandbox.Reset();
        var before = (await recorded.RowsAsync()).Count;

        await request(recorded);

        IReadOnlyList<RecordedRow> rows = [];
        IReadOnlyList<RecordedRequest> arrivals = [];
        try
        {
            await Wait.UntilAsync($"The rows of: {kind}", _patience, async () =>
            {
                (rows, arrivals) = ([.. (await recorded.RowsAsync()).Skip(before)], recorded.Sandbox.Requests);
                return expected.Order().SequenceEqual(Told(rows).Order()) && Permits(rows).Count == arrivals.Count && await recorded.IsEmptyAsync();
            });
        }
        catch (TimeoutException)
        {
            Assert.Equal(expected.Order(), Told(rows).Order());
            Assert.Equal(arrivals.Select(arrival => $"{arrival.Method} {arrival.RawTarget} {arrival.Status}"), Permits(rows).Select(permit => $"{permit.Permit} {permit.Status} {string.Join(", ", permit.Rows)}"));
            throw;
        }

        Assert.Empty(Unmatched(arrivals, Permits(rows)));
        Assert.All(rows, AssertComplete);
        Assert.All(rows.Where(row => row is { CallId: not null, Attempt: > 0 }).GroupBy(row => row.CallId + row.Import), AssertConsecutive);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_record_of_all_of_them_proves_the_limits_and_the_order()
    {
        var proof = await recorded.AdminAsync("/history/verify?from=24h");

        Assert.True(proof.GetProperty("verdict").GetString() != "broken", proof.GetRawText());
        Assert.All(proof.GetProperty("notJudged").EnumerateArray(), span => Assert.Equal("under-way", span.GetProperty("why").GetString()));
    }

    /// <summary>The different rows, without the attempts that the circuit breaker did not let leave.</summary>
    private static IEnumerable<string> Told(IEnumerable<RecordedRow> rows) => rows
        .Where(row => row.Sent is not null || row.IsEnd)
        .Select(row => $"{row.Result} {row.Kind ?? "-"} {row.LimitClass} {CustomerOf(row)} {row.Status} {(row.IsEnd ? "end" : "open")}{(row.Import is null ? "" : " import")}")
        .Distinct();

    /// <summary>Of a queue that several customers share, the kind of queue. In an outage some customers fail and some only wait.</summary>
    private static string CustomerOf(RecordedRow row) =>
        row.Customer is not { } customer ? "-" : customer.StartsWith("id:outage", StringComparison.Ordinal) ? "id:outage" : customer.StartsWith("id:", StringComparison.Ordinal) || !customer.Contains(':', StringComparison.Ordinal) ? customer : customer[..(customer.IndexOf(':', StringComparison.Ordinal) + 1)];

    /// <summary>The requests that the rows tell of.</summary>
    private static List<RecordedRequestRows> Permits(IEnumerable<RecordedRow> rows) =>
        [.. rows.Where(row => row.Sent is not null).GroupBy(row => (row.Epoch, row.Permit)).Select(group => new RecordedRequestRows(group.Key.Permit, [.. group]))];

    /// <summary>Arrivals that no request of the record explains: one that was under way then, with the same answer and as many calls.</summary>
    private static List<string> Unmatched(IEnumerable<RecordedRequest> arrivals, List<RecordedRequestRows> permits)
    {
        List<RecordedRequest> left = [.. arrivals.OrderBy(arrival => arrival.ArrivedAt)];
        foreach (var permit in permits.OrderBy(permit => permit.Ended))
        {
            left.Remove(left.First(arrival => permit.Explains(arrival)));
        }

        return [.. left.Select(arrival => $"{arrival.Method} {arrival.RawTarget}")];
    }

    private static void AssertComplete(RecordedRow row)
    {
        Assert.True(row.Sent is null || row.Sent <= row.Ended, $"{row}");
        Assert.Equal(row.Attempt == 0 && row.CallId is not null, (row.Epoch, row.Permit) == (0, 0));
        Assert.True(row.Epoch is 0 or 1 && (row.Sent is null || row.Permit > 0), $"{row}");
        Assert.Equal(row.CallId is null, row.Kind is null);
        Assert.Equal(row.CallId is null, row.AcceptedAt is null);
        Assert.Equal(row.CallId is null, row.Customer is null);
        Assert.Equal(row.CallId is null, row.Sequence == 0);
        Assert.Equal(row.CallId is null || row.Result == "discarded", row.Attempt == 0);
        Assert.True(row.AcceptedAt is null || row.AcceptedAt <= row.Ended + _clocks, $"{row}");
    }

    /// <summary>Attempts that are not counted share a number. A replayed dead letter begins again.</summary>
    private static void AssertConsecutive(IEnumerable<RecordedRow> attempts)
    {
        var next = 1;
        foreach (var attempt in attempts)
        {
            Assert.InRange(attempt.Attempt, 1, next);
            next = attempt.IsEnd ? 1 : attempt.Attempt + 1;
        }
    }

    private static string V2Batch(params string[] people) => JsonSerializer.Serialize(
        new { batch = people.Select(id => new { type = "person", identifiers = new { id }, action = "identify", attributes = new { } }) });

    private static string Mail(string person) => JsonSerializer.Serialize(new { transactional_message_id = 1, to = "ann@example.com", identifiers = new { id = person } });

    /// <summary>The rows of one permit.</summary>
    private sealed record RecordedRequestRows(long Permit, IReadOnlyList<RecordedRow> Rows)
    {
        public DateTimeOffset Ended => Rows[0].Ended;

        public int Status => Rows[0].Status;

        /// <summary>All calls of a batch have the times of its request.</summary>
        public bool Explains(RecordedRequest arrival) =>
            Rows.All(row => row.Sent == Rows[0].Sent && row.Ended == Rows[0].Ended)
            && Rows[0].Sent - _clocks <= arrival.ArrivedAt && arrival.ArrivedAt <= Ended + _clocks
            && (Calls(arrival) is var calls && calls == Rows.Count)
            && (arrival.Status == 207 || arrival.Status == Status || calls > 1);

        private static int Calls(RecordedRequest arrival)
        {
            if (arrival.Method != "POST" || !arrival.RawTarget.EndsWith("/batch", StringComparison.Ordinal))
            {
                return 1;
            }

            using var body = JsonDocument.Parse(arrival.Body);
            return body.RootElement.GetProperty("batch").GetArrayLength();
        }
    }
}
