using CioOrleans.Delivery.Forwarding;
using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

public sealed class DrainTests : DispatcherTest
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_drain_ends_as_soon_as_a_forwarded_request_in_flight_is_reported()
    {
        await using var host = await StartAsync(("AttemptTimeout", "30s"));
        var granted = Assert.IsType<PassThroughPermit.Granted>(await host.Workspace.AcquirePermit(LimitClass.Query, _soon));

        var drain = host.Workspace.Drain().AsTask();
        Assert.NotSame(drain, await Task.WhenAny(drain, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System)));
        await host.Workspace.ReturnPermit(granted.Ticket, sent: true, status: 200, RateLimitSignal.None);

        await drain.WaitAsync(_soon, TimeProvider.System);
    }

    [Fact]
    public async Task A_drain_ends_with_the_time_out_of_a_forwarded_request_that_is_never_reported()
    {
        await using var host = await StartAsync(("AttemptTimeout", "100ms"));
        Assert.IsType<PassThroughPermit.Granted>(await host.Workspace.AcquirePermit(LimitClass.Query, _soon));

        await host.Workspace.Drain().AsTask().WaitAsync(_soon, TimeProvider.System);
    }

    [Fact]
    public async Task Callers_that_wait_for_a_permit_are_sent_away_at_once_by_a_drain_and_get_it_from_the_next_owner()
    {
        await using var host = await StartAsync(("Limits:query", "1/1s"), ("AttemptTimeout", "30s"));
        var first = Assert.IsType<PassThroughPermit.Granted>(await host.Workspace.AcquirePermit(LimitClass.Query, _soon));
        var waiting = host.Workspace.AcquirePermit(LimitClass.Query, TimeSpan.FromSeconds(60)).AsTask();
        var patient = host.Workspace.AcquireAsync(LimitClass.Query, TimeSpan.FromSeconds(60), TimeProvider.System);

        var drain = host.Workspace.Drain().AsTask();

        Assert.IsType<PassThroughPermit.Moving>(await waiting.WaitAsync(_soon, TimeProvider.System));
        Assert.IsType<PassThroughPermit.Moving>(await host.Workspace.AcquirePermit(LimitClass.Query, TimeSpan.FromSeconds(60)).AsTask().WaitAsync(_soon, TimeProvider.System));
        await host.Workspace.ReturnPermit(first.Ticket, sent: false, status: null, RateLimitSignal.None);
        await drain.WaitAsync(_soon, TimeProvider.System);
        var next = Assert.IsType<PassThroughPermit.Granted>(await patient.WaitAsync(_soon, TimeProvider.System));

        // The host would wait for its end.
        await host.Workspace.ReturnPermit(next.Ticket, sent: false, status: null, RateLimitSignal.None);
    }

    [Fact]
    public async Task Calls_are_delivered_on_a_file_with_an_attempt_time_out_of_a_minute()
    {
        await using var host = await StartAsync(("AttemptTimeout", "60s"));
        await IdentifyAsync(host.Dispatcher, "1", 1);

        await Sandbox.WaitForProcessedAsync(1).WaitAsync(_soon, TimeProvider.System);
    }
}
