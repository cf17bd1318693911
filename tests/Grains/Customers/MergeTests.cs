using CioOrleans.Calls;
using CioOrleans.Grains.Customers;

namespace CioOrleans.Customers;

public sealed class MergeTests : DispatcherTest
{
    [Fact]
    public async Task A_merge_waits_until_both_queues_have_reached_it_and_both_wait_for_it()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        for (var seq = 1; seq <= 3; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "primary", seq);
        }

        for (var seq = 1; seq <= 30; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "secondary", seq);
        }

        Assert.IsType<AcceptResult.Accepted>(await host.Dispatcher.MergeAsync("primary", "secondary"));
        await IdentifyAsync(host.Dispatcher, "primary", 4);
        await IdentifyAsync(host.Dispatcher, "secondary", 31);
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(36);

        var arrived = ArrivedTargets().ToList();
        var merge = arrived.IndexOf("POST merge_customers");
        Assert.Equal(33, merge);
        Assert.Equal(["PUT customers/primary", "PUT customers/secondary"], arrived[(merge + 1)..].Order());
    }

    [Fact]
    public async Task Merges_in_opposite_directions_do_not_wait_for_each_other()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[]
        {
            host.Dispatcher.MergeAsync("a", "b").AsTask(),
            host.Dispatcher.MergeAsync("b", "a").AsTask(),
            host.Dispatcher.MergeAsync("b", "c").AsTask(),
            host.Dispatcher.MergeAsync("c", "a").AsTask(),
        }));
        await host.Workspace.Resume();

        await Sandbox.WaitForProcessedAsync(40);
        await host.WaitUntilAsync(status => status.Queued == 0);
        Assert.Equal(40, ArrivedTargets().Count(target => target == "POST merge_customers"));
    }

    [Fact]
    public async Task A_merge_survives_a_restart_with_its_barrier()
    {
        await using (var host = await StartAsync())
        {
            await host.Workspace.Pause("the test");
            await IdentifyAsync(host.Dispatcher, "secondary", 1);
            await host.Dispatcher.MergeAsync("primary", "secondary");
            await IdentifyAsync(host.Dispatcher, "secondary", 2);
        }

        await using var successor = await StartAsync();
        await successor.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(3);

        Assert.Equal(["PUT customers/secondary", "POST merge_customers", "PUT customers/secondary"], ArrivedTargets());
    }

    [Fact]
    public async Task A_replayed_merge_has_its_barrier()
    {
        await using var host = await StartAsync();
        var merge = CallQueueTests.NewCall() with
        {
            Kind = CallKind.Merge,
            Method = "POST",
            Target = "/api/v1/merge_customers",
            Body = """{"primary":{"id":"primary"}}"""u8.ToArray(),
            OtherCustomer = "id:secondary",
        };
        Assert.IsType<AcceptResult.Accepted>(await host.Merges.Accept("id:primary", merge));
        await host.WaitUntilAsync(status => status is { DeadLetters: 1, Queued: 0 });
        await host.Workspace.Pause("the test");
        for (var seq = 1; seq <= 30; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "secondary", seq);
        }

        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(merge.Id, UnhurriedAccepts.Never));
        await IdentifyAsync(host.Dispatcher, "secondary", 31);
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(31);
        await host.WaitUntilAsync(status => status is { DeadLetters: 1, Queued: 0 });

        // The merge is refused both times, and comes the second time between what the secondary got before the replay and after it.
        Assert.Equal([0, 31], ArrivedTargets().Index().Where(arrived => arrived.Item == "POST merge_customers").Select(arrived => arrived.Index));
    }

    /// <summary>
    /// The silo of the primary died between the barrier's commit and the merge's. The next merge of the two stands at the primary's head, waits for a barrier behind the orphan,
    /// and holds back more calls than the window keeps: the merge that never came is not among them.
    /// </summary>
    [Fact]
    public async Task A_barrier_whose_merge_never_came_is_released_although_a_later_merge_of_the_same_two_blocks_a_long_queue()
    {
        const int behind = 2 * CallQueue.WindowCalls;
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        var orphan = CallQueueTests.NewCall() with
        {
            Kind = CallKind.MergeBarrier,
            OtherCustomer = "id:primary",
        };
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:secondary").AcceptBarrier(orphan, UnhurriedAccepts.Never));
        Assert.IsType<AcceptResult.Accepted>(await host.Dispatcher.MergeAsync("primary", "secondary"));
        for (var seq = 1; seq <= behind; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "primary", seq);
        }

        await IdentifyAsync(host.Dispatcher, "secondary", 1);
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(behind + 2).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal("POST merge_customers", ArrivedTargets()[0]);
        Assert.Equal(Enumerable.Range(1, behind), ArrivedSeqs("primary"));
    }
}
