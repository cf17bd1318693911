using System.Text;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.History;
using CioOrleans.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace CioOrleans.Workspaces;

/// <summary>Permits whose report does not come: the silo of the customer, of the batch or of the caller has died. Their owner records them.</summary>
public sealed class UnreportedTests : DispatcherTest
{
    private static readonly (string, string) _all = ("Dispatcher:History:Attempts", "All");
    private static readonly (string, string) _fast = ("AttemptTimeout", "100ms");

    [Fact]
    public async Task A_request_whose_report_is_lost_has_two_rows_of_one_permit_and_is_one_request()
    {
        await using var host = await StartAsync(Losing(nameof(ICustomerGrain.DeliverNext), runs: true), _all, _fast);
        await IdentifyAsync(host.Dispatcher, "ann", 1);

        var rows = await host.HistoryAsync(rows => rows.Count == 2);

        var (told, unreported) = (rows.Single(row => row.Result == HistoryResult.Delivered), rows.Single(row => row.Result == HistoryResult.Unreported));
        AssertUnreported(unreported, LimitClass.Identify, "id:ann");
        Assert.Equal((told.Epoch, told.Permit), (unreported.Epoch, unreported.Permit));
        Assert.True(unreported.Sent <= told.Sent && told.Ended <= unreported.Ended, $"{told} {unreported}");
        Assert.Single(Sandbox.Requests);
        Assert.Equal(1, (await host.VerifyAsync()).Requests);
    }

    [Fact]
    public async Task A_permit_that_a_silo_took_with_it_is_recorded_until_its_request_must_have_ended()
    {
        await using var host = await StartAsync(Losing(nameof(ICustomerGrain.DeliverNext), runs: false), _all, _fast);
        await IdentifyAsync(host.Dispatcher, "ann", 1);

        var unreported = Assert.Single(await host.HistoryAsync(rows => rows.Count == 1));

        AssertUnreported(unreported, LimitClass.Identify, "id:ann");
        Assert.True(unreported.Ended - unreported.Sent >= RequestEnd.Longest(TimeSpan.FromMilliseconds(100)).TotalMicroseconds, $"{unreported}");
        Assert.Empty(Sandbox.Requests);
        Assert.Equal(1, (await host.VerifyAsync()).Requests);
    }

    [Fact]
    public async Task A_batch_and_a_forwarded_request_without_a_report_are_recorded_as_one_request_each()
    {
        await using var host = await StartAsync(Losing(nameof(IBatchGrain.Deliver), runs: true), _all, _fast, ("Limits:batch", "50/100ms"), ("Limits:query", "50/100ms"), ("AppApiKey", "app"));
        Assert.IsType<PassThroughPermit.Granted>(await host.Workspace.AcquirePermit(LimitClass.Query, TimeSpan.FromSeconds(30)));
        await host.Workspace.Pause("the test");
        foreach (var customer in new[] { "a", "b", "c" })
        {
            Assert.IsType<AcceptResult.Accepted>(await host.Customer($"id:{customer}").Accept(Operation(customer)));
        }

        await host.Workspace.Resume();

        var rows = await host.HistoryAsync(rows => rows.Count == 5);

        var batch = rows.Where(row => row.LimitClass == LimitClass.Batch).ToLookup(row => row.Result);
        var unreported = Assert.Single(batch[HistoryResult.Unreported]);
        AssertUnreported(unreported, LimitClass.Batch, customer: null);
        Assert.Equal(["id:a", "id:b", "id:c"], batch[HistoryResult.Delivered].Select(row => row.Customer).Order());
        Assert.All(batch[HistoryResult.Delivered], row => Assert.True(row.Permit == unreported.Permit && unreported.Sent <= row.Sent && row.Ended <= unreported.Ended, $"{row} {unreported}"));
        AssertUnreported(rows.Single(row => row.LimitClass == LimitClass.Query), LimitClass.Query, customer: null);
        Assert.Single(Sandbox.Requests);
        Assert.Equal(2, (await host.VerifyAsync()).Requests);
    }

    [Theory]
    [InlineData(401, HistoryResult.Misconfigured)]
    [InlineData(429, HistoryResult.Throttled)]
    public async Task An_answer_that_pauses_the_workspace_has_its_row(int status, HistoryResult result)
    {
        await using var host = await StartAsync(_all);
        Sandbox.Faults = status == 401 ? Sandbox.Faults with { Unauthorized = true } : Sandbox.Faults with { Throttled = 1 };
        await IdentifyAsync(host.Dispatcher, "ann", 1);

        var row = Assert.Single(await host.HistoryAsync(rows => rows.Count == 1));

        Assert.Equal((result, status, "id:ann", 1, CallKind.Identify, false), (row.Result, row.Status, row.Customer, row.Attempt, row.Kind, row.IsEnd));
        Assert.Single(Sandbox.Requests);
    }

    /// <summary>The owner knows the permit, and from a single call's permit the customer.</summary>
    private static void AssertUnreported(HistoryRow row, LimitClass limitClass, string? customer)
    {
        Assert.Equal((HistoryResult.Unreported, limitClass, customer, null, null, 0, 0), (row.Result, row.LimitClass, row.Customer, row.CallId, row.Kind, row.Status, row.Attempt));
        Assert.True(row is { Epoch: 1, Permit: > 0, Sequence: 0 } && row.Sent < row.Ended, $"{row}");
    }

    /// <summary>The silo with the grain dies with the first call of a method, before or after the grain has carried it out.</summary>
    private static Action<IServiceCollection> Losing(string method, bool runs) => services => services.AddSingleton<IIncomingGrainCallFilter>(new LostReport(method, runs));

    private static Call Operation(string customer) => CallQueueTests.NewCall() with
    {
        LimitClass = LimitClass.Batch,
        Method = "POST",
        Target = "/api/v2/entity",
        Body = Encoding.UTF8.GetBytes($$$"""{"type":"person","action":"identify","identifiers":{"id":"{{{customer}}}"},"attributes":{}}"""),
    };

    private sealed class LostReport(string method, bool runs) : IIncomingGrainCallFilter
    {
        private int _calls;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            var isLost = context.MethodName == method && Interlocked.Increment(ref _calls) == 1;
            if (!isLost || runs)
            {
                await context.Invoke();
            }

            if (isLost)
            {
                throw new SiloUnavailableException("The silo has died.");
            }
        }
    }
}
