using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Sqlite.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Customers;

/// <summary>Visitors and deliveries leave no queue of their own behind.</summary>
public sealed class SharedQueueTests : DispatcherTest
{
    [Fact]
    public async Task A_visitors_calls_keep_their_order_in_a_queue_that_it_shares_and_leaves_no_other()
    {
        await using var host = await StartAsync();
        await host.Workspace.Pause("so that calls wait");
        var calls = Enumerable.Range(1, 5).Select(Numbered).ToArray();
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("anonymous:v").Accept(calls[0]));
        Assert.All(await host.Customer("anonymous:v").AcceptMany(calls[1..4]), result => Assert.IsType<AcceptResult.Accepted>(result));
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("anonymous:v").Accept(calls[4]));

        var shared = await host.Outbox.FindCustomerAsync("acme", calls[0].Id);
        Assert.StartsWith("anonymous-queue:", shared, StringComparison.Ordinal);
        Assert.Equal(0, (await host.Outbox.ReadQueueAsync(new CustomerAddress("acme", "anonymous:v"), 0, 1, 1)).LastSequence);
        Assert.Equal((5, calls[0].Id), await host.Customer("anonymous:v").GetStatus() is var status ? (status.Queued, status.HeadId!.Value) : default);
        Assert.Equal(2, (await host.Customer("anonymous:v").FindCall(calls[2].Id))!.Ahead);
        Assert.False(await host.Customer("anonymous:v").WaitUntilDelivered(TimeSpan.FromMilliseconds(50)));

        await host.Workspace.Resume();
        Assert.True(await host.Customer("anonymous:v").WaitUntilDelivered(TimeSpan.FromSeconds(30)));
        Assert.Equal([1, 2, 3, 4, 5], ArrivedSeqs("1"));
    }

    [Fact]
    public async Task Calls_that_an_earlier_version_has_left_in_a_visitors_own_queue_are_not_overtaken()
    {
        await using var host = await StartAsync(services => services.AddSingleton<IOutbox>(provider => new GatedOutbox(provider.GetRequiredService<SqliteOutbox>())));
        await host.Workspace.Pause("so that calls wait");
        var own = new CustomerAddress("acme", "anonymous:v");
        Assert.IsType<AppendResult.Appended>(await host.Outbox.AppendAsync(own, 1, Numbered(1)));
        Assert.IsType<AppendResult.Appended>(await host.Outbox.AppendAsync(own, 2, Numbered(2)));

        var third = Numbered(3);
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("anonymous:v").Accept(third));
        Assert.Equal("anonymous:v", await host.Outbox.FindCustomerAsync("acme", third.Id));

        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(3);
        await host.WaitUntilAsync(status => status is { Queued: 0, InFlight: 0 });
        await host.Workspace.Pause("so that calls wait");
        var fourth = Numbered(4);
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("anonymous:v").Accept(fourth));
        Assert.StartsWith("anonymous-queue:", await host.Outbox.FindCustomerAsync("acme", fourth.Id), StringComparison.Ordinal);

        await host.Workspace.Resume();
        await Sandbox.WaitForProcessedAsync(4);
        Assert.Equal([1, 2, 3, 4], ArrivedSeqs("1"));
    }

    [Fact]
    public async Task However_many_visitors_and_deliveries_there_are_their_queues_are_few_and_stay_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("cio-sharing-");
        try
        {
            var first = await OpenAsync(folder);
            var again = await OpenAsync(folder);
            string Of(QueueSharing sharing, string customer) => sharing.SharedKeyOf(new CustomerAddress("acme", customer))!;

            Assert.Equal(4_096, Enumerable.Range(0, 60_000).Select(i => Of(first, $"anonymous:{i}")).Distinct().Count());
            Assert.Equal(1_024, Enumerable.Range(0, 20_000).Select(i => Of(first, $"delivery:{i}")).Distinct().Count());
            Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(Of(first, $"anonymous:{i}"), Of(again, $"anonymous:{i}")));
            Assert.Null(first.SharedKeyOf(new CustomerAddress("acme", "id:1")));

            // Who knows one dispatcher's queues knows nothing of another's.
            var other = await OpenAsync(folder.CreateSubdirectory("other"));
            Assert.InRange(Enumerable.Range(0, 1_000).Count(i => Of(first, $"anonymous:{i}") == Of(other, $"anonymous:{i}")), 0, 10);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<QueueSharing> OpenAsync(DirectoryInfo folder)
    {
        await using var outbox = new SqliteOutbox($"Data Source={Path.Combine(folder.FullName, "cio.db")}", TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        await outbox.StartAsync();
        var sharing = new QueueSharing();
        await sharing.OpenAsync(outbox, default);
        return sharing;
    }

    private static Calls.Call Numbered(int seq) => CallQueueTests.NewCall() with { Body = System.Text.Encoding.UTF8.GetBytes($$"""{"seq":{{seq}}}""") };
}
