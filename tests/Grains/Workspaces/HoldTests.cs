using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

public sealed class HoldTests : DispatcherTest
{
    private const string Marker = "refused-once";

    private static readonly (string, string) _hold = ("OnDeadLetter", "Hold");
    private static readonly (string, string) _continue = ("OnDeadLetter", "Continue");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dead_letter_holds_its_customer_also_after_a_restart_until_it_is_replayed_in_its_place(bool isShared)
    {
        Ulid id;
        await using (var host = await (isShared ? StartSharedAsync(_hold) : StartAsync(_hold)))
        {
            await HoldAsync(host, "a", 20);
            await IdentifyAsync(host.Dispatcher, "b", 1);
            await Sandbox.WaitForProcessedAsync(1);
            id = (await LetterAsync(host)).Call.Id;
        }

        await using var again = await (isShared ? StartSharedAsync(_hold) : StartAsync(_hold));
        await IdentifyAsync(again.Dispatcher, "a", 21);
        var status = await again.WaitUntilAsync(s => s is { HeldCustomers: 1, ReadyCustomers: 0, InFlight: 0 });
        Assert.Equal((20, 1), (status.Queued, status.DeadLetters));
        Assert.Equal((id, 1, CallKind.Identify), (await again.Customer("id:a").GetStatus()).Held is { } held ? (held.Id, held.Sequence, held.Kind) : default);
        Assert.Equal("id:a", Assert.Single((await again.DeadLetters.ReadHeld(null, 10)).Customers).Customer);
        Assert.Empty(ArrivedSeqs("a"));

        Assert.IsType<ReplayResult.Replayed>(await again.DeadLetters.Replay(id, UnhurriedAccepts.Never));
        Assert.IsType<ReplayResult.Absent>(await again.DeadLetters.Replay(id, UnhurriedAccepts.Never));

        var end = await again.WaitUntilAsync(s => s is { Queued: 0, HeldCustomers: 0 });
        Assert.Equal(0, end.DeadLetters);
        Assert.Equal(Enumerable.Range(1, 21), ArrivedSeqs("a"));
        Assert.Null((await again.Customer("id:a").GetStatus()).Held);
    }

    [Fact]
    public async Task Replays_and_discards_that_race_have_one_effect()
    {
        await using var host = await StartAsync(_hold);
        var isReplayed = 0;
        for (var round = 1; round <= 10; round++)
        {
            var customer = $"r{round}";
            await HoldAsync(host, customer, 3);
            var id = (await LetterAsync(host)).Call.Id;

            var discard = host.DeadLetters.Discard(id).AsTask();
            var replays = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => host.DeadLetters.Replay(id, UnhurriedAccepts.Never).AsTask()));

            var replayed = replays.Count(result => result is ReplayResult.Replayed);
            Assert.Equal(1, replayed + (await discard ? 1 : 0));
            isReplayed += replayed;
            await host.WaitUntilAsync(s => s is { Queued: 0, HeldCustomers: 0, DeadLetters: 0 });
            Assert.Equal(replayed == 1 ? [1, 2, 3] : [2, 3], ArrivedSeqs(customer));
        }
    }

    [Fact]
    public async Task A_customer_goes_on_when_its_dead_letter_is_discarded()
    {
        await using var host = await StartAsync(_hold);
        await HoldAsync(host, "a", 3);

        Assert.Equal(1, await host.DeadLetters.DiscardMany([(await LetterAsync(host)).Call.Id]));

        await host.WaitUntilAsync(s => s is { Queued: 0, HeldCustomers: 0, DeadLetters: 0 });
        Assert.Equal([2, 3], ArrivedSeqs("a"));
    }

    [Fact]
    public async Task A_customer_with_an_empty_queue_is_held_too_and_its_next_call_waits()
    {
        await using var host = await StartAsync(_hold);
        await HoldAsync(host, "a", 1);
        await IdentifyAsync(host.Dispatcher, "a", 2);
        await IdentifyAsync(host.Dispatcher, "b", 1);
        await Sandbox.WaitForProcessedAsync(1);
        Assert.Empty(ArrivedSeqs("a"));
        Assert.False(await host.Customer("id:a").WaitUntilDelivered(TimeSpan.FromMilliseconds(50)));

        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay((await LetterAsync(host)).Call.Id, UnhurriedAccepts.Never));

        Assert.True(await host.Customer("id:a").WaitUntilDelivered(TimeSpan.FromSeconds(60)));
        Assert.Equal([1, 2], ArrivedSeqs("a"));
    }

    [Fact]
    public async Task A_replay_that_fails_again_holds_again()
    {
        await using var host = await StartAsync(_hold);
        await host.Workspace.Pause("the test");
        var refused = CallQueueTests.NewCall() with { Kind = CallKind.Event, LimitClass = LimitClass.Track, Method = "POST", Target = "/api/v1/customers/a/events", Body = "{}"u8.ToArray() };
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:a").Accept(refused));
        await IdentifyAsync(host.Dispatcher, "a", 2);
        await host.Workspace.Resume();

        for (var round = 0; round < 3; round++)
        {
            await host.WaitUntilAsync(s => s is { HeldCustomers: 1, DeadLetters: 1, InFlight: 0 });
            Assert.Equal(round + 1, Sandbox.Requests.Count);
            Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(refused.Id, UnhurriedAccepts.Never));
        }

        await host.WaitUntilAsync(s => s is { HeldCustomers: 1, DeadLetters: 1, Queued: 1 });
        Assert.Empty(ArrivedSeqs("a"));
    }

    [Fact]
    public async Task A_change_to_continue_releases_what_is_held_for_good()
    {
        await using (var host = await StartAsync(_hold))
        {
            await HoldAsync(host, "a", 3);
            await HoldAsync(host, "empty", 1);
        }

        await using (var host = await StartAsync(_continue))
        {
            await host.WaitUntilAsync(s => s is { Queued: 0, DeadLetters: 2, HeldCustomers: 0 });
            Assert.Equal([2, 3], ArrivedSeqs("a"));
            await Wait(async () => (await host.DeadLetters.ReadHeld(null, 10)).Customers.Count == 0);
        }

        await using var again = await StartAsync(_hold);
        await IdentifyAsync(again.Dispatcher, "a", 4);
        await Sandbox.WaitForProcessedAsync(3);
        foreach (var letter in (await again.DeadLetters.Read(null, 10)).DeadLetters)
        {
            Assert.False(letter.IsHeld);
            Assert.IsType<ReplayResult.Replayed>(await again.DeadLetters.Replay(letter.Call.Id, UnhurriedAccepts.Never));
        }

        await again.WaitUntilAsync(s => s is { Queued: 0, DeadLetters: 0 });
        Assert.Equal([2, 3, 4, 1], ArrivedSeqs("a"));
    }

    [Fact]
    public async Task Operations_that_fail_alone_in_a_batch_hold_their_customers()
    {
        await using var host = await StartAsync(_hold, ("Limits:batch", "50/100ms"));
        Sandbox.Faults = Sandbox.Faults with { FailedItems = 1 };
        await host.Workspace.Pause("the test");
        foreach (var customer in Enumerable.Range(0, 5))
        {
            for (var seq = 1; seq <= 3; seq++)
            {
                Assert.IsType<AcceptResult.Accepted>(await host.Customer($"id:c{customer}").Accept(Operation(customer, seq)));
            }
        }

        await host.Workspace.Resume();
        await host.WaitUntilAsync(s => s is { HeldCustomers: 5, DeadLetters: 5, Queued: 10, InFlight: 0 });
        Sandbox.Faults = Sandbox.Faults with { FailedItems = 0 };
        foreach (var letter in (await host.DeadLetters.Read(null, 10)).DeadLetters)
        {
            Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(letter.Call.Id, UnhurriedAccepts.Never));
        }

        await host.WaitUntilAsync(s => s is { Queued: 0, HeldCustomers: 0, DeadLetters: 0 });
        var order = Sandbox.Report().Order;
        Assert.Equal((15, 0, 0), (order.DistinctSeqs, order.OrderViolations, order.Duplicates));
    }

    [Fact]
    public async Task A_refused_send_of_a_customer_holds_its_queue()
    {
        await using var host = await StartAsync(_hold, ("AppApiKey", "app"));
        await host.Workspace.Pause("the test");
        var send = CallQueueTests.NewCall() with { Kind = CallKind.Send, LimitClass = LimitClass.TransactionalEmail, Method = "POST", Target = "/v1/send/email", Body = "{}"u8.ToArray() };
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:a").Accept(send));
        await IdentifyAsync(host.Dispatcher, "a", 1);
        await host.Workspace.Resume();
        await host.WaitUntilAsync(s => s is { HeldCustomers: 1, DeadLetters: 1, Queued: 1 });
        Assert.Empty(ArrivedSeqs("a"));

        Assert.True(await host.DeadLetters.Discard(send.Id));

        await host.WaitUntilAsync(s => s is { Queued: 0, HeldCustomers: 0 });
        Assert.Equal([1], ArrivedSeqs("a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_merge_that_holds_its_queue_holds_the_other_persons_calls_behind_it_too(bool isReplayed)
    {
        await using var host = await StartAsync(_hold);
        Sandbox.Faults = Sandbox.Faults with { RefuseFirst = "\"secondary\"" };
        await host.Workspace.Pause("the test");
        Assert.IsType<AcceptResult.Accepted>(await host.Dispatcher.MergeAsync("p", "s"));
        await IdentifyAsync(host.Dispatcher, "p", 1);
        await IdentifyAsync(host.Dispatcher, "s", 1);
        await host.Workspace.Resume();
        await host.WaitUntilAsync(s => s is { HeldCustomers: 1, DeadLetters: 1 });
        await IdentifyAsync(host.Dispatcher, "other", 1);
        await Sandbox.WaitForProcessedAsync(1);
        Assert.True(await host.Customer("id:p").HoldsMerge((await LetterAsync(host)).Call.Id));
        Assert.Empty(ArrivedSeqs("p"));
        Assert.Empty(ArrivedSeqs("s"));

        var id = (await LetterAsync(host)).Call.Id;
        if (isReplayed)
        {
            Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(id, UnhurriedAccepts.Never));
        }
        else
        {
            Assert.True(await host.DeadLetters.Discard(id));
        }

        await host.WaitUntilAsync(s => s is { Queued: 0, HeldCustomers: 0, DeadLetters: 0 });
        Assert.Equal([1], ArrivedSeqs("p"));
        Assert.Equal([1], ArrivedSeqs("s"));
        Assert.Equal(isReplayed ? [0, 2] : [0], ArrivedTargets().Index().Where(arrived => arrived.Item == "POST merge_customers").Select(arrived => arrived.Index));
    }

    [Fact]
    public async Task A_merge_waits_for_both_people_and_a_hold_of_either()
    {
        await using var host = await StartAsync(_hold);
        await HoldAsync(host, "s", 1);
        await HoldAsync(host, "p", 1);
        Assert.IsType<AcceptResult.Accepted>(await host.Dispatcher.MergeAsync("p", "s"));
        await IdentifyAsync(host.Dispatcher, "s", 2);
        await IdentifyAsync(host.Dispatcher, "p", 2);
        var letters = (await host.DeadLetters.Read(null, 10)).DeadLetters;

        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(letters.Single(letter => letter.Customer == "id:p").Call.Id, UnhurriedAccepts.Never));
        await Sandbox.WaitForProcessedAsync(1);
        Assert.Equal([1], ArrivedSeqs("p"));
        Assert.Empty(ArrivedSeqs("s"));
        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(letters.Single(letter => letter.Customer == "id:s").Call.Id, UnhurriedAccepts.Never));

        await host.WaitUntilAsync(s => s is { Queued: 0, HeldCustomers: 0, DeadLetters: 0 });
        Assert.Equal([1, 2], ArrivedSeqs("p"));
        Assert.Equal([1, 2], ArrivedSeqs("s"));
        Assert.Equal(2, ArrivedTargets().Skip(2).ToList().IndexOf("POST merge_customers"));
    }

    [Fact]
    public async Task A_queue_that_several_customers_share_is_not_held()
    {
        await using var host = await StartAsync(_hold);
        Sandbox.Faults = Sandbox.Faults with { RefuseFirst = Marker };
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"name":"{{Marker}}"}""");
        var call = CallQueueTests.NewCall() with { Kind = CallKind.AnonymousEvent, LimitClass = LimitClass.Track, Method = "POST", Target = "/api/v1/events" };
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("anonymous:v").Accept(call with { Body = body }));
        await host.WaitUntilAsync(s => s is { DeadLetters: 1, HeldCustomers: 0 });

        Assert.IsType<AcceptResult.Accepted>(await host.Customer("anonymous:v").Accept(call with { Id = Ulid.NewUlid(), Body = "{\"name\":\"next\"}"u8.ToArray() }));

        await Sandbox.WaitForProcessedAsync(1);
    }

    [Fact]
    public async Task The_record_of_holds_and_replays_in_place_is_judged_as_kept_and_waiting_calls_can_be_discarded()
    {
        await using var host = await StartAsync(_hold, ("Dispatcher:History:Attempts", "All"));
        await HoldAsync(host, "a", 3);
        await HoldAsync(host, "b", 3);
        await HoldAsync(host, "c", 3);
        var letters = (await host.DeadLetters.Read(null, 10)).DeadLetters.ToDictionary(letter => letter.Customer, letter => letter.Call.Id);
        Assert.Equal(2, (await host.Customer("id:c").Discard(new CallFilter(), isPreview: false, after: 0)).Discarded);
        Assert.Equal(3, (await host.Workspace.GetStatus()).HeldCustomers);

        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(letters["id:a"], UnhurriedAccepts.Never));
        Assert.True(await host.DeadLetters.Discard(letters["id:b"]));
        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(letters["id:c"], UnhurriedAccepts.Never));
        await host.WaitUntilAsync(s => s is { Queued: 0, HeldCustomers: 0, DeadLetters: 0 });
        await host.HistoryAsync(rows => rows.Count(row => row.Result == HistoryResult.Delivered) == 6);

        var proof = await host.VerifyAsync();
        Assert.Empty(proof.Violations);
        Assert.Equal([1, 2, 3], ArrivedSeqs("a"));
        Assert.Equal([2, 3], ArrivedSeqs("b"));
        Assert.Equal([1], ArrivedSeqs("c"));
    }

    /// <summary>Makes a dead letter of a customer's first call, with further ones behind it.</summary>
    private async Task HoldAsync(DispatcherHost host, string customer, int calls)
    {
        Sandbox.Faults = Sandbox.Faults with { RefuseFirst = Marker };
        var before = (await host.DeadLetters.ReadHeld(null, 100)).Customers.Count;
        await host.Workspace.Pause("the test");
        Assert.IsType<AcceptResult.Accepted>(await host.Dispatcher.Customer(customer).IdentifyAsync(new { seq = 1, note = $"{Marker} {customer}" }));
        for (var seq = 2; seq <= calls; seq++)
        {
            await IdentifyAsync(host.Dispatcher, customer, seq);
        }

        await host.Workspace.Resume();
        await host.WaitUntilAsync(s => s.HeldCustomers == before + 1 && s.InFlight == 0);
    }

    private static async Task<DeadLetter> LetterAsync(DispatcherHost host) => Assert.Single((await host.DeadLetters.Read(null, 10)).DeadLetters);

    private static async Task Wait(Func<Task<bool>> isSo) =>
        await Testing.Wait.ForAnswerAsync("What the test waits for", TimeSpan.FromSeconds(60), async () => await isSo() ? "yes" : null);

    private static Call Operation(int customer, int seq) => CallQueueTests.NewCall() with
    {
        LimitClass = LimitClass.Batch,
        Method = "POST",
        Target = "/api/v2/entity",
        Body = System.Text.Encoding.UTF8.GetBytes($$$"""{"type":"person","action":"identify","identifiers":{"id":"c{{{customer}}}"},"attributes":{"seq":{{{seq}}}}}"""),
    };
}
