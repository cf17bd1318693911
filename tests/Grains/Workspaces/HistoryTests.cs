using CioOrleans.Calls;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

public sealed class HistoryTests : DispatcherTest
{
    private static readonly (string, string) _all = ("Dispatcher:History:Attempts", "All");

    [Fact]
    public async Task Every_kind_of_request_leaves_its_row_and_the_record_proves_the_limits_and_the_order()
    {
        await using var host = await StartAsync(_all, ("Limits:batch", "50/100ms"), ("Limits:query", "50/100ms"), ("AppApiKey", "app"), ("Retry:BaseDelay", "10ms"));
        for (var seq = 1; seq <= 3; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "ann", seq);
            await IdentifyAsync(host.Dispatcher, "bob", seq);
        }

        await host.WaitUntilAsync(status => status.Queued == 0);
        var permit = Assert.IsType<PassThroughPermit.Granted>(await host.Workspace.AcquirePermit(LimitClass.Query, TimeSpan.FromSeconds(30)));
        await host.Workspace.ReturnPermit(permit.Ticket, sent: true, 200, RateLimitSignal.None);
        var unused = Assert.IsType<PassThroughPermit.Granted>(await host.Workspace.AcquirePermit(LimitClass.Query, TimeSpan.FromSeconds(30)));
        await host.Workspace.ReturnPermit(unused.Ticket, sent: false, null, RateLimitSignal.None);

        var rows = await host.HistoryAsync(rows => rows.Count(row => row.Result == HistoryResult.Forwarded) == 1);

        Assert.Equal(6, rows.Count(row => row is { Result: HistoryResult.Delivered, Status: 200, Kind: CallKind.Identify, Attempt: 1, Sent: not null }));
        Assert.Equal(7, rows.Count);
        Assert.All(rows, row => Assert.True(row is { Epoch: 1, Permit: > 0 } && row.Sent <= row.Ended));
        Assert.Equal([1, 2, 3], rows.Where(row => row.Customer == "id:ann").OrderBy(row => row.Id).Select(row => row.Sequence));
        var report = await host.VerifyAsync();
        Assert.Equal((ProofVerdict.Kept, 7L, 0L), (report.Verdict, report.Requests, report.OpenCalls));
    }

    [Fact]
    public async Task A_calls_attempts_and_its_end_are_told_apart()
    {
        await using var host = await StartAsync(_all, ("Retry:MaxRetries", "1"), ("Retry:BaseDelay", "10ms"));
        Sandbox.Faults = Sandbox.Faults with { ServerError = 1 };
        await IdentifyAsync(host.Dispatcher, "ann", 1);

        var rows = await host.HistoryAsync(rows => rows.Any(row => row.Result == HistoryResult.Failed));

        Assert.All(rows.Where(row => row.Result == HistoryResult.Failed), row => Assert.InRange(row.Status, 500, 599));
        Sandbox.Faults = Sandbox.Faults with { ServerError = 0 };
        rows = await host.HistoryAsync(rows => rows.Any(row => row.IsEnd));
        Assert.Equal(HistoryResult.Delivered, Assert.Single(rows, row => row.IsEnd).Result);
        Assert.Single(rows.Select(row => row.CallId).Distinct());
        Assert.Equal(ProofVerdict.Kept, (await host.VerifyAsync()).Verdict);
    }

    [Fact]
    public async Task What_an_operator_discards_has_an_end_and_an_erased_person_leaves_only_requests()
    {
        await using var host = await StartAsync(_all);
        await IdentifyAsync(host.Dispatcher, "ann", 1);
        await host.WaitUntilAsync(status => status.Queued == 0);
        await host.Workspace.Pause("the test");
        await IdentifyAsync(host.Dispatcher, "ann", 2);
        await host.Customer("id:ann").Discard(new Discarding.CallFilter(), isPreview: false, after: 0);
        var rows = await host.HistoryAsync(rows => rows.Count == 2);
        Assert.Equal([HistoryResult.Discarded, HistoryResult.Delivered], rows.Select(row => row.Result));

        var erased = await host.History.Erase("id:ann");

        Assert.Equal(new HistoryErasure(2, HasMore: false), erased);
        Assert.All(await host.HistoryAsync(_ => true), row => Assert.True(row is { Customer: null, CallId: null, Sequence: 0 }));
        Assert.Equal((1, ProofVerdict.Kept), await host.VerifyAsync() is var report ? (report.Requests, report.Verdict) : default);
    }

    [Theory]
    [InlineData("All", true)]
    [InlineData("Failed", true)]
    [InlineData("None", false)]
    public async Task What_was_sent_is_kept_once_a_call_and_what_was_answered_with_each_attempt(string bodies, bool isKept)
    {
        await using var host = await StartAsync(_all, ("Dispatcher:History:Bodies", bodies), ("Retry:MaxRetries", "10"), ("Retry:BaseDelay", "10ms"));
        Sandbox.Faults = Sandbox.Faults with { ServerError = 1 };
        await IdentifyAsync(host.Dispatcher, "ann", 1);
        await host.HistoryAsync(rows => rows.Count(row => row.Result == HistoryResult.Failed) >= 2);
        Sandbox.Faults = Sandbox.Faults with { ServerError = 0 };
        await host.HistoryAsync(rows => rows.Any(row => row.IsEnd));

        var rows = (await host.History.Search(new HistoryFilter { WithBodies = true }, null, 100)).Rows;

        var call = rows.Select(row => row.Body?.ReadCall()).OfType<Call>().SingleOrDefault();
        Assert.Equal(isKept, call is not null);
        Assert.Equal(isKept ? rows[0].CallId : null, call?.Id);
        Assert.Equal(isKept, rows.Where(row => row.Result == HistoryResult.Failed).All(row => row.Body?.ReadAnswer() is not null));
        Assert.Equal(bodies == "All", rows.Single(row => row.IsEnd).Body is not null);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Off")]
    public async Task Only_what_the_settings_say_is_kept_and_then_nothing_is_proved(string kept)
    {
        await using var host = await StartAsync(("Dispatcher:History:Attempts", kept));
        await IdentifyAsync(host.Dispatcher, "ann", 1);
        await host.WaitUntilAsync(status => status.Queued == 0);

        Assert.Empty(await host.HistoryAsync(_ => true));
        Assert.Equal(ProofVerdict.NotJudged, (await host.VerifyAsync()).Verdict);
    }
}
