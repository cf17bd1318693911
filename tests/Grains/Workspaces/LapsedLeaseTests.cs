namespace CioOrleans.Workspaces;

public sealed class LapsedLeaseTests : DispatcherTest
{
    [Fact]
    public async Task A_workspace_whose_lease_has_lapsed_sends_nothing_still_answers_and_goes_on_once_it_is_renewed()
    {
        var leases = new LapsingLeaseStore();
        await using var host = await StartAsync(leases);
        await IdentifyAsync(host.Dispatcher, "1", 1);
        await Sandbox.WaitForProcessedAsync(1);

        leases.Lapse();
        await IdentifyAsync(host.Dispatcher, "1", 2);

        // The first call's end is stored before it is reported: until then it counts as in flight.
        await host.WaitUntilAsync(s => s is { Queued: 1, ReadyCustomers: 1, InFlight: 0 });
        Assert.Equal([1], ArrivedSeqs("1"));

        leases.Return();
        await Sandbox.WaitForProcessedAsync(2);
        Assert.Equal([1, 2], ArrivedSeqs("1"));
    }
}
