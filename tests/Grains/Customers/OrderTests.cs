using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Testing;

namespace CioOrleans.Customers;

public sealed class OrderTests : DispatcherTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_queue_longer_than_its_window_arrives_in_order()
    {
        const int calls = 4 * CallQueue.WindowCalls;
        await using var host = await StartAsync();

        for (var seq = 1; seq <= calls; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "1", seq);
        }

        await Sandbox.WaitForProcessedAsync(calls);
        Assert.Equal(Enumerable.Range(1, calls), ArrivedSeqs("1"));
    }

    [Fact]
    public async Task A_failing_call_holds_back_its_customer_alone()
    {
        await using var host = await StartAsync(("Retry:BaseDelay", "500ms"), ("Retry:Jitter", "0"));
        for (var other = 0; other < 10; other++)
        {
            await IdentifyAsync(host.Dispatcher, $"other-{other}", 1);
        }

        await Sandbox.WaitForProcessedAsync(10);
        Sandbox.Faults = Sandbox.Faults with { ServerError = 1 };
        await IdentifyAsync(host.Dispatcher, "held", 1);
        await IdentifyAsync(host.Dispatcher, "held", 2);
        await host.WaitUntilAsync(status => status.WaitingForRetry == 1);
        Sandbox.Faults = Sandbox.Faults with { ServerError = 0 };

        await IdentifyAsync(host.Dispatcher, "free", 1);
        await Sandbox.WaitForProcessedAsync(13);

        var arrived = ArrivedTargets();
        Assert.True(arrived.ToList().IndexOf("PUT customers/free") < arrived.ToList().LastIndexOf("PUT customers/held"));
        Assert.Equal([1, 2], ArrivedSeqs("held"));
    }

    [Fact]
    public async Task Work_that_nobody_was_told_of_is_found_after_a_restart()
    {
        await using (var host = await StartAsync())
        {
            await host.Workspace.Pause("the test");
            await IdentifyAsync(host.Dispatcher, "1", 1);
        }

        await using var successor = await StartAsync();
        await successor.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(1);

        Assert.Equal([1], ArrivedSeqs("1"));
    }

    [Fact]
    public async Task A_twin_of_the_grain_costs_one_refused_call_and_no_order()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        await IdentifyAsync(host.Dispatcher, "1", 1);
        var twins = CallQueueTests.NewCall() with { Target = "/api/v1/customers/1", Body = """{"seq":2}"""u8.ToArray() };
        Assert.IsType<AppendResult.Appended>(await host.Outbox.AppendAsync(new CustomerAddress("acme", "id:1"), 2, twins));

        var refused = await host.Dispatcher.Customer("1").IdentifyAsync(new { seq = 3 });
        Assert.IsType<AcceptResult.Unavailable>(refused);

        // The grain is on its way out; a repeat reaches its successor.
        await Wait.UntilAsync("The accept of a repeat", _patience, async () => await host.Dispatcher.Customer("1").IdentifyAsync(new { seq = 3 }) is AcceptResult.Accepted);

        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(3);
        Assert.Equal([1, 2, 3], ArrivedSeqs("1"));
    }
}
