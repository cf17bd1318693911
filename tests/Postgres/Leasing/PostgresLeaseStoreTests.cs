using CioOrleans.Grains.Leasing;
using CioOrleans.Postgres.Leasing;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Postgres.Tests.Leasing;

public sealed class PostgresLeaseStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan _length = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_successor_on_another_silo_waits_for_the_end_the_predecessor_was_promised()
    {
        await using var here = await OpenAsync();
        await using var there = await OpenAsync();
        var first = await here.AcquireAsync("wait", "a");
        var second = await there.AcquireAsync("wait", "b");

        Assert.Null(await here.RenewAsync("wait", "a", first.Epoch));
        Assert.True(second.Epoch > first.Epoch);
        Assert.True(second.PredecessorEndsAt >= first.ExpiresAt);
        Assert.True(second.PredecessorEndsAt < first.ExpiresAt + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task An_expired_lease_holds_nobody_up()
    {
        await using var here = await OpenAsync();
        await using var there = await OpenAsync();
        var first = await here.AcquireAsync("expired", "a");
        await UntilAsync(there, first.ExpiresAt + TimeSpan.FromMilliseconds(50));

        Assert.Equal(TimeSpan.Zero, (await there.AcquireAsync("expired", "b")).PredecessorEndsAt);
    }

    [Fact]
    public async Task An_expired_lease_that_nobody_took_can_be_renewed()
    {
        await using var store = await OpenAsync();
        var first = await store.AcquireAsync("late", "a");
        await UntilAsync(store, first.ExpiresAt + TimeSpan.FromMilliseconds(50));

        var renewed = await store.RenewAsync("late", "a", first.Epoch);

        Assert.Equal(first.Epoch, renewed?.Epoch);
        Assert.True(renewed!.ExpiresAt > store.Now);
    }

    [Fact]
    public async Task A_lease_is_only_given_back_by_its_owner_and_epoch()
    {
        await using var store = await OpenAsync();
        var first = await store.AcquireAsync("back", "a");
        var second = await store.AcquireAsync("back", "a");
        await store.ReleaseAsync("back", "a", first.Epoch);
        await store.ReleaseAsync("back", "b", second.Epoch);

        Assert.NotNull(await store.RenewAsync("back", "a", second.Epoch));
    }

    [Fact]
    public async Task What_an_owner_leaves_reaches_the_next_one_and_nobody_after_it()
    {
        await using var here = await OpenAsync();
        await using var there = await OpenAsync();
        var first = await here.AcquireAsync("left", "a");
        await here.ReleaseAsync("left", "a", first.Epoch, handOver: "tokens");

        var second = await there.AcquireAsync("left", "b");
        var third = await here.AcquireAsync("left", "c");

        Assert.Equal("tokens", second.HandOver?.Text);
        Assert.InRange(second.HandOver!.ReleasedAt, first.ExpiresAt - TimeSpan.FromMinutes(1), there.Now + TimeSpan.FromSeconds(1));
        Assert.Equal((null, null), (first.HandOver, third.HandOver));
    }

    [Fact]
    public async Task Without_its_database_it_throws_and_the_grant_can_be_renewed_afterwards()
    {
        Assert.SkipWhen(PostgresServer.MissingReason is not null, PostgresServer.MissingReason ?? "");
        await using var server = await PostgresServer.StartNewAsync();
        PostgresMigrations.Run(server.ConnectionString());
        await using var store = await OpenAsync(server.ConnectionString());
        var grant = await store.AcquireAsync("away", "a");

        await server.StopAsync();
        await Assert.ThrowsAsync<IOException>(async () => await store.RenewAsync("away", "a", grant.Epoch));
        await Assert.ThrowsAsync<IOException>(async () => await store.AcquireAsync("away", "b"));
        await server.StartAsync();

        Assert.Equal(grant.Epoch, (await store.RenewAsync("away", "a", grant.Epoch))?.Epoch);
    }

    /// <summary>
    /// Eight silos fight for one lease, steal it from each other, let it expire or give it back. Each notes in the database, by
    /// the database's clock, from when to when it believed it might send.
    /// </summary>
    [Fact]
    public async Task No_two_owners_ever_send_at_once()
    {
        var connectionString = await OpenDatabaseAsync();
        await TestDatabase.ExecuteAsync(
            connectionString, "create table sendings (owner text, epoch bigint, began timestamptz not null, ended timestamptz)");
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(8), TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(silo => Task.Run(() => FightAsync(connectionString, silo, end.Token))));

        Assert.True(await TestDatabase.ScalarAsync<long>(connectionString, "select count(distinct owner) from sendings where ended is not null") >= 2);
        Assert.Equal(0, await TestDatabase.ScalarAsync<long>(
            connectionString,
            """
            select count(*) from sendings a join sendings b on a.epoch < b.epoch
            where a.ended is not null and b.ended is not null and a.began < b.ended and b.began < a.ended
            """));
    }

    private async Task FightAsync(string connectionString, int silo, CancellationToken end)
    {
        var random = new Random(silo);
        await using var store = await OpenAsync(connectionString);
        await using var notes = await TestDatabase.OpenAsync(connectionString);
        for (var round = 0; !end.IsCancellationRequested; round++)
        {
            var owner = $"silo {silo}";
            var grant = await store.AcquireAsync("fought", owner, CancellationToken.None);
            await UntilAsync(store, grant.PredecessorEndsAt);
            if (await store.RenewAsync("fought", owner, grant.Epoch, CancellationToken.None) is not { } held)
            {
                await PauseAsync(random.Next(3_000));
                continue;
            }

            await TestDatabase.ExecuteAsync(notes, $"insert into sendings values ('{owner}', {grant.Epoch}, clock_timestamp(), null)");
            for (var renewals = random.Next(4); renewals > 0 && held is not null; renewals--)
            {
                // Only what was noted before the lease's end, by the owner's own judgement, counts as sent.
                await PauseAsync(random.Next(100));
                await NoteEndAsync(store, notes, held);
                held = await store.RenewAsync("fought", owner, grant.Epoch, CancellationToken.None);
            }

            if (held is not null)
            {
                await NoteEndAsync(store, notes, held);
                if (random.Next(2) == 0)
                {
                    await store.ReleaseAsync("fought", owner, grant.Epoch, handOver: null, CancellationToken.None);
                }
            }

            await PauseAsync(random.Next(3_000));
        }
    }

    private static async Task NoteEndAsync(PostgresLeaseStore store, Npgsql.NpgsqlConnection notes, LeaseGrant held)
    {
        await using var transaction = await notes.BeginTransactionAsync();
        await TestDatabase.ExecuteAsync(notes, $"update sendings set ended = clock_timestamp() where epoch = {held.Epoch}");
        if (store.Now < held.ExpiresAt)
        {
            await transaction.CommitAsync();
        }
    }

    private static async Task UntilAsync(PostgresLeaseStore store, TimeSpan moment)
    {
        for (var rest = moment - store.Now; rest > TimeSpan.Zero; rest = moment - store.Now)
        {
            await Task.Delay(rest + TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    private static Task PauseAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);

    private async Task<string> OpenDatabaseAsync()
    {
        PostgresMigrations.Run(database.ConnectionString);
        await TestDatabase.EmptyAsync(database.ConnectionString);
        return database.ConnectionString;
    }

    [Fact]
    public async Task Others_see_who_holds_a_lease_and_when_it_was_renewed_last()
    {
        var connectionString = await OpenAnotherDatabaseAsync();
        await using var store = NewStore(connectionString, "seen", silo: "10.0.0.1:1@1");
        await using var other = NewStore(connectionString, "seen", silo: "10.0.0.2:1@1");
        await store.StartAsync();
        await other.StartAsync();
        var acquiring = TimeProvider.System.GetTimestamp();
        var grant = await store.AcquireAsync("seen", "a");
        var before = Assert.Single(await other.ReadLeasesAsync());
        while (before.RenewedFor < TimeSpan.FromMilliseconds(200) && TimeProvider.System.GetElapsedTime(acquiring) < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            before = Assert.Single(await other.ReadLeasesAsync());
        }

        var renewing = TimeProvider.System.GetTimestamp();
        await store.RenewAsync("seen", "a", grant.Epoch);
        var after = Assert.Single(await other.ReadLeasesAsync());
        var sinceRenewal = TimeProvider.System.GetElapsedTime(renewing) + TimeSpan.FromMilliseconds(10);
        await store.ReleaseAsync("seen", "a", grant.Epoch);

        Assert.Equal(("seen", "10.0.0.1:1@1", grant.Epoch), (before.Workspace, before.Silo, before.Epoch));
        Assert.InRange(before.RenewedFor, TimeSpan.FromMilliseconds(200), TimeSpan.MaxValue);
        Assert.InRange(after.RenewedFor, TimeSpan.Zero, sinceRenewal);
        Assert.True(after.HeldFor > before.HeldFor, $"Held for {before.HeldFor}, then for {after.HeldFor}.");
        Assert.Empty(await other.ReadLeasesAsync());
    }

    [Fact]
    public async Task A_second_cluster_on_the_same_database_is_refused_while_the_first_renews_its_leases()
    {
        var connectionString = await OpenAnotherDatabaseAsync();
        await using var blue = NewStore(connectionString, "blue");
        await using var early = NewStore(connectionString, "green");
        await using var late = NewStore(connectionString, "green");
        await blue.StartAsync();
        await early.StartAsync();
        var grant = await blue.AcquireAsync("shared", "a");

        var refusal = await Assert.ThrowsAsync<OutboxDatabaseException>(() => late.StartAsync());
        Assert.Matches(
            "^The cluster 'blue' uses this database: it renewed the lease of workspace 'shared' [0-9.]+ s ago[.] This process belongs to cluster 'green'[.] Set Dispatcher:Cluster:ClusterId, or use another database[.]$",
            refusal.Message);
        await Assert.ThrowsAsync<IOException>(() => early.AcquireAsync("shared", "b").AsTask());
        Assert.NotNull(await blue.RenewAsync("shared", "a", grant.Epoch));

        await blue.ReleaseAsync("shared", "a", grant.Epoch);
        await late.StartAsync();
        Assert.True((await late.AcquireAsync("shared", "b")).Epoch > grant.Epoch);
    }

    [Fact]
    public async Task A_process_whose_clock_is_minutes_away_is_refused()
    {
        await using var store = NewStore(await OpenDatabaseOnceAsync(), "cio", time: new AheadTime(TimeSpan.FromMinutes(5)));

        var refusal = await Assert.ThrowsAsync<OutboxDatabaseException>(() => store.StartAsync());
        Assert.Matches("^This machine's clock is (299|300)[.][0-9] s ahead of the database's; up to 5 s is allowed[.] Set the clock, and let NTP keep it[.]$", refusal.Message);
    }

    [Fact]
    public async Task The_clocks_loop_goes_on_after_an_exception_that_nobody_expects()
    {
        var time = new StrangeTime();
        await using var store = NewStore(await OpenDatabaseOnceAsync(), "cio", time: time);
        await store.StartAsync();
        time.IsBroken = true;
        await UntilAsync(() => time.Thrown >= 3, "The clock was not read while reading it threw.");

        time.Ahead = TimeSpan.FromHours(3);
        time.IsBroken = false;

        await UntilAsync(() => store.ClockAhead > TimeSpan.FromHours(2), "The clock's loop has ended.");
    }

    private static async Task UntilAsync(Func<bool> isSo, string otherwise)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), otherwise);
            await PauseAsync(10);
        }
    }

    private async Task<string> OpenAnotherDatabaseAsync()
    {
        var connectionString = await database.CreateAnotherAsync();
        PostgresMigrations.Run(connectionString);
        return connectionString;
    }

    private static PostgresLeaseStore NewStore(string connectionString, string clusterId, string? silo = null, TimeProvider? time = null) =>
        new(connectionString, _ => TimeSpan.FromSeconds(5), time ?? TimeProvider.System, NullLogger<PostgresLeaseStore>.Instance) { ClusterId = clusterId, Silo = () => silo };

    /// <summary>The system's time, with a wrong clock.</summary>
    private sealed class AheadTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }

    /// <summary>The system's time with timers that are fifty times as fast, and a wall clock that throws on demand.</summary>
    private sealed class StrangeTime : TimeProvider
    {
        private int _thrown;

        public bool IsBroken { get; set; }

        public TimeSpan Ahead { get; set; }

        public int Thrown => _thrown;

        public override DateTimeOffset GetUtcNow()
        {
            if (IsBroken)
            {
                Interlocked.Increment(ref _thrown);
                throw new NotImplementedException("No clock.");
            }

            return System.GetUtcNow() + Ahead;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime / 50, period / 50);
    }

    private async Task<PostgresLeaseStore> OpenAsync(string? connectionString = null)
    {
        var store = new PostgresLeaseStore(
            connectionString ?? await OpenDatabaseOnceAsync(), _ => _length, TimeProvider.System, NullLogger<PostgresLeaseStore>.Instance);
        await store.StartAsync();
        return store;
    }

    private Task<string> OpenDatabaseOnceAsync()
    {
        PostgresMigrations.Run(database.ConnectionString);
        return Task.FromResult(database.ConnectionString);
    }
}
