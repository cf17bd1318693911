using CioOrleans.Attempts;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CioOrleans.Customers;

/// <summary>Nothing rests on a hint, or on a report of an empty queue, being right.</summary>
public sealed class ForgottenTests : DispatcherTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_customer_of_whom_the_workspace_was_never_told_is_found_by_the_slow_sweep()
    {
        await using var host = await StartAsync();
        await IdentifyAsync(host.Dispatcher, "first", 1);
        await Sandbox.WaitForProcessedAsync(1);

        var planted = CallQueueTests.NewCall() with { Target = "/api/v1/customers/2", Body = """{"seq":1}"""u8.ToArray() };
        Assert.IsType<AppendResult.Appended>(await host.Outbox.AppendAsync(new CustomerAddress("acme", "id:2"), 1, planted));

        // Two looks, a second apart, within a pass of ten seconds: well before the sweep for new work.
        await Sandbox.WaitForProcessedAsync(2).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal([1], ArrivedSeqs("2"));
    }

    [Fact]
    public async Task A_queue_that_cannot_be_read_refuses_calls_and_permits_at_once_and_goes_on_when_it_can()
    {
        await using var host = await StartAsync(services => services.AddSingleton<IOutbox>(provider => new GatedOutbox(provider.GetRequiredService<SqliteOutbox>())));
        var outbox = (GatedOutbox)host.Outbox;
        outbox.IsUnreadable = true;

        var refused = Assert.IsType<AcceptResult.Unavailable>(await host.Dispatcher.Customer("1").IdentifyAsync(new { seq = 1 }));
        Assert.Equal("The customer's queue cannot be read now. Try again.", refused.Reason);
        var outcome = await host.Customer("id:1").DeliverNext(new Permit(1, LimitClass.Identify, TimeSpan.MaxValue, TimeSpan.FromSeconds(10)));
        Assert.Equal(UnusedReason.OutboxUnavailable, Assert.IsType<DeliveryOutcome.Unused>(outcome).Why);

        outbox.IsUnreadable = false;

        // The queue is read beside the calls that are refused.
        await Wait.UntilAsync("The accept of a repeat", _patience, async () => await host.Dispatcher.Customer("1").IdentifyAsync(new { seq = 2 }) is AcceptResult.Accepted);

        await Sandbox.WaitForProcessedAsync(1);
        Assert.Equal([2], ArrivedSeqs("1"));
    }

    [Fact]
    public async Task A_customer_whose_calls_are_all_in_the_outbox_is_not_taken_for_empty_by_a_late_settlement()
    {
        // No room in memory: the window is empty, and all calls follow it.
        await using var host = await StartAsync(services => services.AddSingleton(new PayloadBudget(1)));
        await host.Workspace.Pause("The queue is filled first.");
        for (var seq = 1; seq <= 3; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "1", seq);
        }

        Assert.True((await host.Customer("id:1").MakeDeadLetter(sequence: 4_711, attempts: 1, "late")).HasCall);
        Assert.True((await host.Customer("id:1").Postpone(sequence: 4_711, attempts: 1, DateTimeOffset.UnixEpoch, "late")).HasCall);
        Assert.Equal(3, (await host.Customer("id:1").GetStatus()).Queued);

        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(3);
        Assert.Equal([1, 2, 3], ArrivedSeqs("1"));
    }
}
