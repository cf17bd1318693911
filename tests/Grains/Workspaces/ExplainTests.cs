using CioOrleans.Customers;
using CioOrleans.Explaining;
using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

public sealed class ExplainTests : DispatcherTest
{
    [Fact]
    public async Task A_waiting_call_is_found_by_its_id_with_its_place_and_what_holds_it()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        for (var seq = 1; seq <= 20; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "1", seq);
        }

        var last = (await host.Outbox.ReadQueueAsync(new CustomerAddress("acme", "id:1"), 0, 100, int.MaxValue)).Rows[^1].Call.Id;

        Assert.Equal("id:1", await host.Workspace.FindCustomer(last));
        Assert.Equal(19, (await host.Customer("id:1").FindCall(last))?.Ahead);
        Assert.Null(await host.Customer("id:1").FindCall(Ulid.NewUlid()));
        var standing = await host.Workspace.GetStanding("id:1", LimitClass.Identify);
        Assert.Equal((CustomerActivity.Ready, 0, "the test"), (standing.Activity, standing.Ahead, standing.OperatorPause));

        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(20);
        await host.WaitUntilAsync(status => status.Queued == 0);
        Assert.Null(await host.Workspace.FindCustomer(last));
    }
}
