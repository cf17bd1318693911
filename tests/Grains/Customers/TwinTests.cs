namespace CioOrleans.Customers;

public sealed class TwinTests : DispatcherTest
{
    [Fact]
    public void However_calls_and_permits_go_astray_between_twins_none_is_lost_and_none_is_sent_after_one_behind_it()
    {
        var repeats = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var history = new TwinHistory(seed, ToldTwin.LastActivation);
            history.Run();

            Assert.True(history.Lost.Count == 0, $"seed {seed} lost {string.Join(',', history.Lost)}");
            Assert.True(history.Overtaken.Count == 0, $"seed {seed} sent {string.Join(',', history.Overtaken)} after later calls");
            repeats += history.Repeats;
        }

        // Ends that were not stored in time: the histories do go astray.
        Assert.NotEqual(0, repeats);
    }

    [Fact]
    public void However_twins_and_operators_go_astray_no_call_is_sent_after_one_behind_it_where_dead_letters_hold_the_queue()
    {
        var holds = 0;
        for (var seed = 0; seed < 600; seed++)
        {
            var history = new TwinHistory(seed, ToldTwin.LastActivation, holds: true);
            history.Run();

            Assert.True(history.Lost.Count == 0, $"seed {seed} lost {string.Join(',', history.Lost)}");
            Assert.True(history.Overtaken.Count == 0, $"seed {seed} sent {string.Join(',', history.Overtaken)} after later calls");
            holds += history.Holds;
        }

        Assert.True(holds > 600, $"{holds} holds");
    }

    [Fact]
    public void A_twin_that_wakes_up_and_stores_that_a_call_holds_the_queue_is_found_if_the_queue_is_not_read_again()
    {
        var overtaken = 0;
        for (var seed = 0; seed < 600; seed++)
        {
            var history = new TwinHistory(seed, ToldTwin.LastActivation, holds: true, readsAgain: false);
            history.Run();
            overtaken += history.Overtaken.Count;
        }

        Assert.NotEqual(0, overtaken);
    }

    /// <summary>Two activations may exist under one version of the membership, and both have read their queues under it.</summary>
    [Theory]
    [InlineData(nameof(ToldTwin.Nothing))]
    [InlineData(nameof(ToldTwin.MembershipVersion))]
    public void Twins_that_are_not_told_who_delivered_last_are_found(string told)
    {
        var overtaken = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var history = new TwinHistory(seed, Enum.Parse<ToldTwin>(told));
            history.Run();
            overtaken += history.Overtaken.Count;
        }

        Assert.NotEqual(0, overtaken);
    }

    [Fact]
    public async Task What_a_twin_has_delivered_is_not_sent_again()
    {
        await using var host = await StartSharedAsync();
        await host.Workspace.Pause("A twin comes first.");
        for (var seq = 1; seq <= 3; seq++)
        {
            await IdentifyAsync(host.Dispatcher, "1", seq);
            await IdentifyAsync(host.Dispatcher, "2", seq);
        }

        // The twin sends two calls of one customer while this activation holds them in memory.
        await host.EndHeadsAsync("id:1", 2);
        await host.Workspace.Resume();
        await host.WaitUntilAsync(status => status.Queued == 0 && status.InFlight == 0);

        Assert.Equal([3], ArrivedSeqs("1"));
        Assert.Equal([1, 2, 3], ArrivedSeqs("2"));
    }
}
