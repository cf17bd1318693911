using CioOrleans.Grains.Outbox;
using CioOrleans.Sqlite.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace CioOrleans.Customers;

/// <summary>Accepts that reach a grain of this process without a message.</summary>
public sealed class LocalCustomersTests : DispatcherTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Only_the_first_accept_of_a_customer_is_a_message()
    {
        var messages = new AcceptMessages();
        await using var host = await StartAsync(services => services.AddSingleton<IIncomingGrainCallFilter>(messages));

        for (var seq = 1; seq <= 20; seq++)
        {
            Assert.IsType<AcceptResult.Accepted>(await AcceptAsync(host, "1", seq));
        }

        await Sandbox.WaitForProcessedAsync(20);
        Assert.Equal(Enumerable.Range(1, 20), ArrivedSeqs("1"));
        Assert.Equal(1, messages.Count);
    }

    [Fact]
    public async Task A_grain_that_is_deactivated_ends_its_accepts_first_and_the_next_goes_to_its_successor()
    {
        await using var host = await StartAsync(services => services.AddSingleton<IOutbox>(provider => new GatedOutbox(provider.GetRequiredService<SqliteOutbox>())));
        var outbox = (GatedOutbox)host.Outbox;
        Assert.IsType<AcceptResult.Accepted>(await AcceptAsync(host, "1", 1));
        await Sandbox.WaitForProcessedAsync(1);
        await host.WaitUntilAsync(status => status.Queued == 0);

        outbox.Hold();
        var held = AcceptAsync(host, "1", 2);
        await outbox.Arrived.WaitAsync(_patience, TestContext.Current.CancellationToken);
        var deactivated = host.DeactivateGrainsAsync();

        Assert.False(held.IsCompleted);
        Assert.False(deactivated.IsCompleted);
        outbox.Release();

        Assert.IsType<AcceptResult.Accepted>(await held);
        await deactivated;
        Assert.IsType<AcceptResult.Accepted>(await AcceptAsync(host, "1", 3));
        await Sandbox.WaitForProcessedAsync(3);
        Assert.Equal([1, 2, 3], ArrivedSeqs("1"));
    }

    /// <summary>Callers, each with its customer, that wait for each answer; messages of others between them; and grains that come and go all the time.</summary>
    [Fact]
    public async Task However_often_grains_come_and_go_all_calls_arrive_once_and_in_order()
    {
        const int customers = 20;
        const int calls = 150;
        var messages = new AcceptMessages();
        await using var host = await StartAsync(
            services => services.AddSingleton<IIncomingGrainCallFilter>(messages), ("Limits:identify", "1000/100ms"));
        using var over = new CancellationTokenSource();
        var collector = Task.Run(
            async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    await host.DeactivateGrainsAsync();
                }
            },
            TestContext.Current.CancellationToken);

        await Task.WhenAll(Enumerable.Range(1, customers).Select(customer => Task.Run(async () =>
        {
            for (var seq = 1; seq <= calls; seq++)
            {
                var name = $"{customer}";
                var accepted = seq % 7 == 0 ? await host.Dispatcher.Customer(name).IdentifyAsync(new { seq }) : await AcceptAsync(host, name, seq);
                Assert.IsType<AcceptResult.Accepted>(accepted);
            }
        })));
        await over.CancelAsync();
        await collector;

        await Sandbox.WaitForProcessedAsync(customers * calls);
        Assert.All(Enumerable.Range(1, customers), customer => Assert.Equal(Enumerable.Range(1, calls), ArrivedSeqs($"{customer}")));

        // Both ways were gone, and grains came back: there were more messages than those of the others and the first of each customer.
        Assert.InRange(messages.Count, (customers * (calls / 7)) + customers + 1, (customers * calls) - 1);
    }

    private static Task<AcceptResult> AcceptAsync(DispatcherHost host, string customer, int seq) =>
        host.Submitter.AcceptAloneAsync(
            new CustomerAddress("acme", $"id:{customer}"),
            CallQueueTests.NewCall() with { Target = $"/api/v1/customers/{customer}", Body = System.Text.Encoding.UTF8.GetBytes($$"""{"seq":{{seq}}}""") }).AsTask();

    /// <summary>Counts the accepts that come as messages.</summary>
    private sealed class AcceptMessages : IIncomingGrainCallFilter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.InterfaceMethod?.Name == nameof(ICustomerGrain.Accept) && context.Grain is Grain)
            {
                Interlocked.Increment(ref _count);
            }

            return context.Invoke();
        }
    }
}
