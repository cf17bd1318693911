using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

public sealed class HistoryReplayTests : DispatcherTest
{
    private static readonly (string, string)[] _kept = [("Dispatcher:History:Attempts", "All"), ("Dispatcher:History:Bodies", "All"), ("AppApiKey", "app")];

    [Fact]
    public async Task A_span_is_counted_and_replayed_in_order_under_the_ids_of_its_calls_and_messages_are_left_out()
    {
        await using var host = await StartAsync(_kept);
        var begin = await DeliverAsync(host, 5);
        var send = CallQueueTests.NewCall() with
        {
            Kind = CallKind.Send, LimitClass = LimitClass.TransactionalEmail, Method = "POST", Target = "/v1/send/email", Body = """{"to":"a@x.com","transactional_message_id":1,"identifiers":{"id":"a"}}"""u8.ToArray(),
        };
        Assert.IsType<AcceptResult.Accepted>(await host.Customer(CustomerKey.ForSend(send.Id)).Accept(send));
        await host.HistoryAsync(rows => rows.Count(row => row.IsEnd) == 16);
        var selection = new HistoryReplaySelection(begin, TimeProvider.System.GetUtcNow().AddSeconds(1));

        Assert.Equal(new HistoryReplayCounts(16, 15, 0, 1, 0, 0), (await host.Replays.Count(selection, null)).Counts);
        Assert.Equal(new HistoryReplayCounts(5, 5, 0, 0, 0, 0), (await host.Replays.Count(selection with { Customer = "id:a" }, null)).Counts);
        Assert.Equal(default, (await host.Replays.Count(selection with { Status = HistoryStatus.ServerError }, null)).Counts);

        var id = Ulid.NewUlid();
        Assert.Equal(id, (await host.Replays.Start(id, selection)).Id);
        Assert.Equal(id, (await host.Replays.Start(Ulid.NewUlid(), selection)).Id);
        var end = await EndAsync(host);

        Assert.Equal((HistoryReplayState.Done, new HistoryReplayCounts(16, 15, 0, 1, 0, 0)), (end.State, end.Counts));
        await Sandbox.WaitForProcessedAsync(31);
        await host.WaitUntilAsync(status => status.Queued == 0);
        foreach (var customer in new[] { "a", "b", "c" })
        {
            Assert.Equal([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], ArrivedSeqs(customer));
        }

        var rows = await host.HistoryAsync(all => all.Count(row => row.Import == id && row.IsEnd) == 15);
        Assert.Equal(15, rows.Where(row => row.IsEnd && row.Kind == CallKind.Identify).Select(row => row.CallId).Distinct().Count());
        Assert.Equal(1, Sandbox.Report().Sends.Sent);
    }

    [Fact]
    public async Task A_replay_survives_a_restart_and_repeats_nothing()
    {
        DateTimeOffset begin;
        var id = Ulid.NewUlid();
        await using (var host = await StartAsync(_kept))
        {
            begin = await DeliverAsync(host, 10);
            await host.HistoryAsync(rows => rows.Count(row => row.IsEnd) == 30);
            await host.Workspace.Pause("the test");
            await host.Replays.Start(id, new HistoryReplaySelection(begin, TimeProvider.System.GetUtcNow().AddSeconds(1)));
            await host.WaitUntilAsync(status => status.Queued > 0);
        }

        await using (var host = await StartAsync(_kept))
        {
            Assert.Equal(HistoryReplayState.Done, (await EndAsync(host)).State);
            Assert.Equal(30, (await host.Workspace.GetStatus()).Queued);
            await host.Workspace.Resume();
            await host.WaitUntilAsync(status => status.Queued == 0);
        }

        await Sandbox.WaitForProcessedAsync(60);
        Assert.Equal(Enumerable.Range(1, 10).Concat(Enumerable.Range(1, 10)), ArrivedSeqs("a"));
        Assert.Equal(60, Sandbox.Requests.Count);
    }

    [Fact]
    public async Task A_replay_is_paused_resumed_and_cancelled_and_calls_without_a_body_are_left_out()
    {
        DateTimeOffset begin;
        await using (var host = await StartAsync(("Dispatcher:History:Attempts", "All")))
        {
            begin = await DeliverAsync(host, 2);
            await host.HistoryAsync(rows => rows.Count(row => row.IsEnd) == 6);
            Assert.Null(await host.Replays.GetStatus());
            Assert.Null(await host.Replays.Change(HistoryReplayState.Paused));
        }

        await using var again = await StartAsync(_kept);
        var selection = new HistoryReplaySelection(begin, TimeProvider.System.GetUtcNow().AddHours(10));
        await again.Replays.Start(Ulid.NewUlid(), selection);
        Assert.Equal(HistoryReplayState.Paused, (await again.Replays.Change(HistoryReplayState.Paused))!.State);
        Assert.Equal(HistoryReplayState.Running, (await again.Replays.Change(HistoryReplayState.Running))!.State);
        Assert.Equal(HistoryReplayState.Cancelled, (await again.Replays.Change(HistoryReplayState.Cancelled))!.State);
        Assert.Equal(HistoryReplayState.Cancelled, (await again.Replays.Change(HistoryReplayState.Running))!.State);

        await again.Replays.Start(Ulid.NewUlid(), selection);
        Assert.Equal(new HistoryReplayCounts(6, 0, 6, 0, 0, 0), (await EndAsync(again)).Counts);
        Assert.Equal(6, Sandbox.Requests.Count);
    }

    /// <summary>Delivers calls of three customers.</summary>
    private async Task<DateTimeOffset> DeliverAsync(DispatcherHost host, int each)
    {
        var begin = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        for (var seq = 1; seq <= each; seq++)
        {
            foreach (var customer in new[] { "a", "b", "c" })
            {
                await IdentifyAsync(host.Dispatcher, customer, seq);
            }
        }

        await Sandbox.WaitForProcessedAsync(3 * each);
        return begin;
    }

    private static Task<HistoryReplayStatus> EndAsync(DispatcherHost host) => Testing.Wait.ForAnswerAsync(
        "The end of the replay", TimeSpan.FromSeconds(60), async () => await host.Replays.GetStatus() is { State: not HistoryReplayState.Running } status ? status : null);
}
