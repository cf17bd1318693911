using CioOrleans.Calls;
using CioOrleans.Grains.Outbox;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using CioOrleans.Sqlite.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace CioOrleans.Customers;

/// <summary>A call that comes too late gets no place in the queue, by whatever way it comes.</summary>
public sealed class DeadlineTests : DispatcherTest
{
    private static readonly AcceptDeadline _noon = new(TimeSpan.FromHours(12));

    private readonly SetLeaseClock _clock = new() { Bounds = ClockBounds.Exactly(TimeSpan.FromHours(12) - TimeSpan.FromMilliseconds(1)) };

    [Fact]
    public async Task A_call_is_taken_before_its_deadline_and_refused_from_the_moment_when_it_may_have_passed()
    {
        await using var host = await StartClockedAsync();
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(Identify(1), _noon));

        _clock.Bounds = new ClockBounds(TimeSpan.FromHours(11), _noon.At);
        Assert.IsType<AcceptResult.Expired>(await host.Customer("id:1").Accept(Identify(2), _noon));
        Assert.IsType<AcceptResult.Expired>(await host.Local.TryAcceptAsync(new CustomerAddress("acme", "id:1"), Identify(2), _noon)!);
        Assert.All(await host.Customer("id:1").AcceptMany([Identify(3), Identify(4)], _noon), result => Assert.IsType<AcceptResult.Expired>(result));
        Assert.IsType<AcceptResult.Expired>(await host.Customer("id:2").AcceptBarrier(Merge() with { Kind = CallKind.MergeBarrier, OtherCustomer = "id:1" }, _noon));
        Assert.IsType<AcceptResult.Expired>(await host.Merges.Accept("id:1", Merge(), _noon));

        await Sandbox.WaitForProcessedAsync(1);
        await host.WaitUntilAsync(status => status.Queued == 0);
        Assert.Equal([1], ArrivedSeqs("1"));
    }

    [Fact]
    public async Task A_call_without_a_deadline_is_refused()
    {
        await using var host = await StartClockedAsync();

        Assert.IsType<AcceptResult.Expired>(await host.Customer("id:1").Accept(Identify(1), default));
        Assert.IsType<AcceptResult.Expired>(Assert.Single(await host.Customer("id:1").AcceptMany([Identify(1)], default)));
        Assert.IsType<AcceptResult.Expired>(await host.Merges.Accept("id:1", Merge(), default));
    }

    [Fact]
    public async Task A_silo_that_does_not_know_the_clock_takes_nothing()
    {
        await using var host = await StartClockedAsync();
        _clock.Bounds = ClockBounds.Unknown;

        Assert.IsType<AcceptResult.Expired>(await host.Customer("id:1").Accept(Identify(1), _noon));
    }

    /// <summary>Its deadline passes while it waits for what becomes of the call that it repeats: it must not be numbered afterwards.</summary>
    [Fact]
    public async Task A_repeat_that_waited_too_long_for_the_first_ends_with_it()
    {
        await using var host = await StartClockedAsync();
        var outbox = (GatedOutbox)host.Outbox;
        outbox.Hold();
        var first = host.Customer("id:1").Accept(Identify(1, "a"), _noon).AsTask();
        await outbox.Arrived;
        var repeat = host.Customer("id:1").Accept(Identify(1, "a"), _noon).AsTask();

        _clock.Bounds = ClockBounds.Exactly(_noon.At);
        outbox.Release(new AppendResult.Unavailable("full"));

        Assert.IsType<AcceptResult.Unavailable>(await first);
        Assert.IsNotType<AcceptResult.Accepted>(await repeat);
        Assert.Equal(1, outbox.Appends);
    }

    /// <summary>The process was frozen between the numbering and the commit, and a twin may have taken calls meanwhile: the queue is read again.</summary>
    [Fact]
    public async Task A_call_that_the_database_refuses_as_late_is_expired_and_the_next_is_taken()
    {
        await using var host = await StartClockedAsync();
        var outbox = (GatedOutbox)host.Outbox;
        outbox.Hold();
        var late = host.Customer("id:1").Accept(Identify(1), _noon).AsTask();
        await outbox.Arrived;
        outbox.Release(AppendResult.Expired.Instance);

        Assert.IsType<AcceptResult.Expired>(await late);
        Assert.IsType<AcceptResult.Accepted>(await host.Customer("id:1").Accept(Identify(2), _noon));
        await Sandbox.WaitForProcessedAsync(1);
        await host.WaitUntilAsync(status => status.Queued == 0);
        Assert.Equal([2], ArrivedSeqs("1"));
    }

    [Fact]
    public async Task A_replay_has_a_deadline_and_a_dead_letter_that_was_too_late_stays_one()
    {
        await using var host = await StartClockedAsync();
        var call = Identify(1) with { Kind = CallKind.Event, LimitClass = LimitClass.Track, Method = "POST", Target = "/api/v1/customers/1/events", Body = "{}"u8.ToArray() };
        await host.Customer("id:1").Accept(call, _noon);
        await host.WaitUntilAsync(status => status.DeadLetters == 1);

        _clock.Bounds = ClockBounds.Exactly(_noon.At);
        Assert.IsType<ReplayResult.Unavailable>(await host.DeadLetters.Replay(call.Id, _noon));
        Assert.Equal(1, (await host.Workspace.GetStatus()).DeadLetters);

        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay(call.Id, new AcceptDeadline(TimeSpan.FromHours(13))));
    }

    private static Call Identify(int seq, string? key = null) => CallQueueTests.NewCall() with
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Identify,
        LimitClass = LimitClass.Identify,
        Method = "PUT",
        Target = "/api/v1/customers/1",
        Notes = key is null ? CallNotes.None : new CallNotes { Keys = [new NotedKey(CallNote.Key, DuplicateKey.OfIdempotencyKey(key))] },
        Body = System.Text.Encoding.UTF8.GetBytes($$"""{"seq":{{seq}}}"""),
        AcceptedAt = TimeProvider.System.GetUtcNow(),
    };

    private static Call Merge() => Identify(1) with
    {
        Kind = CallKind.Merge,
        LimitClass = LimitClass.Track,
        Method = "POST",
        Target = "/api/v1/merge_customers",
        Body = """{"primary":{"id":"1"},"secondary":{"id":"2"}}"""u8.ToArray(),
        OtherCustomer = "id:2",
    };

    private Task<DispatcherHost> StartClockedAsync(params (string Key, string Value)[] settings) => StartAsync(
        services =>
        {
            services.AddSingleton<ILeaseClock>(_clock);
            services.AddSingleton<IOutbox>(provider => new GatedOutbox(provider.GetRequiredService<SqliteOutbox>()));
        },
        settings);

    private sealed class SetLeaseClock : ILeaseClock
    {
        private volatile StrongBox _bounds = new(default);

        public ClockBounds Bounds
        {
            get => _bounds.Value;
            set => _bounds = new StrongBox(value);
        }

        public ValueTask<ClockBounds> ReadAsync() => new(Bounds);

        private sealed record StrongBox(ClockBounds Value);
    }
}
