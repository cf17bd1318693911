using CioOrleans.Calls;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CioOrleans.Customers;

public sealed class DuplicateTests : DispatcherTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly AppendResult.Unavailable _full = new("The disk is full.");

    private GatedOutbox _outbox = null!;

    [Fact]
    public async Task A_repeat_is_acknowledged_and_delivered_once()
    {
        await using var host = await StartAsync();
        var call = Keyed("a");

        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(call));
        Assert.IsType<AcceptResult.Duplicate>(await host.Customer("id:1").Accept(Again(call)));
        await ArrivedAsync(host, 1);
        Assert.IsType<AcceptResult.Duplicate>(await host.Customer("id:1").Accept(Again(call)));
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(Keyed("b")));
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:2").Accept(Again(call)));

        await ArrivedAsync(host, 3);
        Assert.Equal(3, Sandbox.Requests.Count);
        Assert.All(Sandbox.Requests, request => Assert.DoesNotContain(request.Headers, header => header.Key.Contains("duplicate-key", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_repeat_is_found_among_what_waits_after_a_restart_and_once_that_was_delivered()
    {
        var call = Keyed("a");
        await using (var host = await StartAsync())
        {
            await host.Workspace.Pause("the test");
            Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(call));
        }

        await using var successor = await StartAsync();
        Assert.IsType<AcceptResult.Duplicate>(await successor.Customer("id:1").Accept(Again(call)));
        await successor.Workspace.Resume();
        await ArrivedAsync(successor, 1);

        Assert.IsType<AcceptResult.Duplicate>(await successor.Customer("id:1").Accept(Again(call)));
        Assert.Single(Sandbox.Requests);
    }

    [Fact]
    public async Task A_repeat_waits_for_what_becomes_of_the_first()
    {
        await using var host = await StartGatedAsync();
        _outbox.Hold();

        var first = host.Customer("id:1").Accept(Keyed("a")).AsTask();
        await _outbox.Arrived;
        var second = host.Customer("id:1").Accept(Keyed("a")).AsTask();
        var other = host.Customer("id:1").Accept(Keyed("b")).AsTask();
        await Wait.UntilAsync("The second append", _patience, () => _outbox.Appends >= 2);

        Assert.False(second.IsCompleted);
        _outbox.Release();

        Assert.IsType<AcceptResult.Accepted>(await first);
        Assert.IsType<AcceptResult.Duplicate>(await second);
        Assert.IsType<AcceptResult.Accepted>(await other);
        Assert.Equal(2, _outbox.Appends);
    }

    [Fact]
    public async Task A_repeat_of_what_could_not_be_stored_is_not_acknowledged_either_and_the_next_is_taken()
    {
        await using var host = await StartGatedAsync();
        _outbox.Hold();

        var first = host.Customer("id:1").Accept(Keyed("a")).AsTask();
        await _outbox.Arrived;
        var many = host.Customer("id:1").AcceptMany([Keyed("a"), Keyed("b"), Keyed("b")]).AsTask();
        await Wait.UntilAsync("The second append", _patience, () => _outbox.Appends >= 2);

        _outbox.Release(_full);
        Assert.Equal(_full.Reason, Assert.IsType<AcceptResult.Unavailable>(await first).Reason);
        Assert.All(await many, result => Assert.Equal(_full.Reason, Assert.IsType<AcceptResult.Unavailable>(result).Reason));

        Assert.Equal(
            [typeof(AcceptResult.Accepted), typeof(AcceptResult.Duplicate), typeof(AcceptResult.Accepted)],
            (await host.Customer("id:1").AcceptMany([Keyed("a"), Keyed("a"), Keyed("b")])).Select(result => result.GetType()));
        await ArrivedAsync(host, 2);
        Assert.Equal(2, Sandbox.Requests.Count);
    }

    [Fact]
    public async Task A_repeated_merge_leaves_no_barrier_behind()
    {
        await using var host = await StartAsync();
        var merge = Keyed("a") with
        {
            Kind = CallKind.Merge,
            Target = "/api/v1/merge_customers",
            Body = """{"primary":{"id":"1"},"secondary":{"id":"2"}}"""u8.ToArray(),
            OtherCustomer = "id:2",
        };

        Assert.IsType<AcceptResult.Accepted>(await host.Merges.Accept("id:1", merge));
        await ArrivedAsync(host, 1);
        Assert.IsType<AcceptResult.Duplicate>(await host.Merges.Accept("id:1", Again(merge)));

        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:2").Accept(Keyed("b")));
        await ArrivedAsync(host, 2);
        Assert.Equal(2, Sandbox.Requests.Count);
    }

    [Fact]
    public async Task An_equal_request_is_another_call_unless_its_caller_says_that_it_repeats_one()
    {
        await using var host = await StartAsync();
        var request = Noted(CallNote.Request, "a");
        var repeated = Noted(CallNote.RepeatedRequest, "a");

        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(repeated));
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(request));
        Assert.IsType<AcceptResult.Duplicate>(await host.Customer("id:1").Accept(Again(repeated)));
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:2").Accept(request with { AcceptedAt = TimeProvider.System.GetUtcNow().AddMinutes(-3) }));
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:2").Accept(Again(repeated)));

        await ArrivedAsync(host, 4);
        Assert.Equal(4, Sandbox.Requests.Count);
    }

    [Fact]
    public async Task Where_it_is_switched_off_every_call_is_a_new_one()
    {
        await using var host = await StartAsync(("Deduplication:Enabled", "false"));

        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(Keyed("a")));
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(Keyed("a")));
        await ArrivedAsync(host, 2);
    }

    /// <summary>Waits until this number of calls has arrived and ended: the sandbox keeps a request after it has processed it, and before it answers.</summary>
    private async Task ArrivedAsync(DispatcherHost host, int calls)
    {
        await Sandbox.WaitForProcessedAsync(calls);
        await host.WaitUntilAsync(status => status is { Queued: 0, InFlight: 0 });
    }

    private async Task<DispatcherHost> StartGatedAsync()
    {
        var host = await StartAsync(services => services.AddSingleton<IOutbox>(provider => new GatedOutbox(provider.GetRequiredService<SqliteOutbox>())));
        _outbox = (GatedOutbox)host.Outbox;
        return host;
    }

    private static Call Again(Call call) => call with { Id = Ulid.NewUlid() };

    private static Call Keyed(string key) => Noted(CallNote.Key, key);

    private static Call Noted(CallNote note, string key) => new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Suppress,
        LimitClass = LimitClass.Identify,
        Method = "POST",
        Target = "/api/v1/customers/1/suppress",
        Headers = [new("Content-Type", "application/json")],
        Notes = new CallNotes { Keys = [new(note, DuplicateKey.OfIdempotencyKey(key))] },
        Body = "{}"u8.ToArray(),
        AcceptedAt = TimeProvider.System.GetUtcNow(),
    };
}
