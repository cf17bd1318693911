using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Workspaces;

public sealed class DeadLetterTests : DispatcherTest
{
    [Fact]
    public async Task What_Customer_io_refuses_for_good_becomes_a_dead_letter_at_once_and_the_next_call_goes_on()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("the test");
        await AppendRefusedAsync(host);
        await IdentifyAsync(host.Dispatcher, "1", 2);
        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(1);

        var status = await host.WaitUntilAsync(s => s.Queued == 0);
        Assert.Equal(1, status.DeadLetters);
        var letter = Assert.Single((await host.DeadLetters.Read(null, 10)).DeadLetters);
        Assert.Equal(("id:1", 1), (letter.Customer, letter.Attempts));
        Assert.StartsWith("400: ", letter.Reason, StringComparison.Ordinal);
        Assert.Equal([2], ArrivedSeqs("1"));
    }

    [Fact]
    public async Task A_discarded_letter_is_gone_and_an_unknown_one_is_said_to_be()
    {
        await using var host = await StartAsync();
        await AppendRefusedAsync(host);
        await IdentifyAsync(host.Dispatcher, "1", 2);
        await host.WaitUntilAsync(s => s.DeadLetters == 1);
        var id = (await host.DeadLetters.Read(null, 10)).DeadLetters[0].Call.Id;

        Assert.True(await host.DeadLetters.Discard(id));
        Assert.False(await host.DeadLetters.Discard(id));
        Assert.IsType<ReplayResult.Absent>(await host.DeadLetters.Replay(id, UnhurriedAccepts.Never));
        Assert.Equal(0, (await host.Workspace.GetStatus()).DeadLetters);
    }

    [Fact]
    public async Task Calls_that_fail_while_others_succeed_become_dead_letters_and_a_replay_delivers_them()
    {
        const int customers = 60;
        await using var host = await StartAsync(("Retry:MaxRetries", "0"));
        Sandbox.Faults = Sandbox.Faults with { ServerError = 0.2 };
        for (var customer = 0; customer < customers; customer++)
        {
            await IdentifyAsync(host.Dispatcher, $"{customer}", 1);
        }

        var status = await host.WaitUntilAsync(s => s.Queued == 0);
        Assert.InRange(status.DeadLetters, 1, customers / 2);
        Sandbox.Faults = Sandbox.Faults with { ServerError = 0 };
        var letters = (await host.DeadLetters.Read(null, 1000)).DeadLetters;
        Assert.Equal(status.DeadLetters, letters.Count);
        Assert.All(letters, letter => Assert.StartsWith("500", letter.Reason, StringComparison.Ordinal));
        foreach (var letter in letters)
        {
            Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(letter.Call.Id, UnhurriedAccepts.Never));
        }

        await Sandbox.WaitForProcessedAsync(customers);
        Assert.Equal((0, 0), ((await host.WaitUntilAsync(s => s.Queued == 0)).DeadLetters, Sandbox.Report().Order.Duplicates));
        Assert.Equal(customers, Sandbox.Report().Order.DistinctSeqs);
    }

    /// <summary>An event without a name, as no front-end would take it, at the place of the customer's first call.</summary>
    private static async Task AppendRefusedAsync(DispatcherHost host) => Assert.IsType<AppendResult.Appended>(await host.Outbox.AppendAsync(
        new CustomerAddress("acme", "id:1"),
        1,
        CallQueueTests.NewCall() with { Kind = CallKind.Event, Method = "POST", Target = "/api/v1/customers/1/events", Body = "{}"u8.ToArray() }));
}
