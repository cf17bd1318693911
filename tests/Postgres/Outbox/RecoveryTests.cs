using System.Security.Cryptography;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using Npgsql;

namespace CioOrleans.Postgres.Tests.Outbox;

public sealed class RecoveryTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly CustomerAddress _customer = new("acme", "id:1");

    private PostgresOutbox _outbox = null!;
    private long _last;

    public async ValueTask InitializeAsync()
    {
        if (database.IsAvailable)
        {
            _outbox = await PostgresOutboxFactory.OpenAsync(database.ConnectionString);
            await TestDatabase.EmptyAsync(database.ConnectionString);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (database.IsAvailable)
        {
            await _outbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_call_that_cannot_be_stored_does_not_take_its_group_with_it()
    {
        database.Require();

        // Longer than an entry of the index may be, whatever compression makes of it.
        var monster = new CustomerAddress("acme", Convert.ToBase64String(RandomNumberGenerator.GetBytes(20_000)));
        var good = Append(_outbox);
        var bad = _outbox.AppendAsync(monster, 1, TestCalls.Any()).AsTask();
        var alsoGood = Append(_outbox);

        Assert.Contains("cannot be written", Assert.IsType<AppendResult.Unavailable>(await bad).Reason, StringComparison.Ordinal);
        Assert.IsType<AppendResult.Appended>(await good);
        Assert.IsType<AppendResult.Appended>(await alsoGood);
    }

    [Fact]
    public async Task A_full_disk_is_said_so_and_writing_goes_on_when_there_is_room()
    {
        database.Require();
        await TestDatabase.ExecuteAsync(
            database.ConnectionString,
            """
            create function no_room() returns trigger language plpgsql as
                $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
            create trigger no_room before insert on calls for each statement execute function no_room();
            """);
        var refused = Assert.IsType<AppendResult.Unavailable>(await Append(_outbox));
        Assert.Equal("the outbox's disk is full", refused.Reason);

        await TestDatabase.ExecuteAsync(database.ConnectionString, "drop trigger no_room on calls; drop function no_room");

        Assert.IsType<AppendResult.Appended>(await PostgresOutboxFactory.UntilAvailableAsync(() => new(Append(_outbox))));
    }

    [Fact]
    public async Task Connections_that_were_cut_are_replaced()
    {
        database.Require();
        await Append(_outbox);
        await _outbox.ReadQueueAsync(_customer, 0, 1, 1);

        await TestDatabase.ExecuteAsync(
            database.ConnectionString,
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        Assert.NotEmpty((await _outbox.ReadQueueAsync(_customer, 0, 1, 1)).Rows);
        Assert.IsType<AppendResult.Appended>(await PostgresOutboxFactory.UntilAvailableAsync(() => new(Append(_outbox))));
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task A_server_that_stops_is_reported_and_loses_nothing_that_was_acknowledged(string mode)
    {
        Assert.SkipWhen(PostgresServer.MissingReason is not null, PostgresServer.MissingReason ?? "");
        await using var server = await PostgresServer.StartNewAsync();
        await using var outbox = await PostgresOutboxFactory.OpenAsync(server.ConnectionString());
        List<long> acknowledged = [];
        using var stop = new CancellationTokenSource();
        var unavailable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var load = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var sequence = ++_last;
                switch (await outbox.AppendAsync(_customer, sequence, TestCalls.Any()))
                {
                    case AppendResult.Appended:
                        acknowledged.Add(sequence);
                        break;
                    case AppendResult.Unavailable:
                        unavailable.TrySetResult();
                        break;
                    default:
                        throw new InvalidOperationException("A conflict with nobody.");
                }
            }
        });

        await server.StopAsync(mode);
        await unavailable.Task;
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await outbox.ReadQueueAsync(_customer, 0, 1, 1));
        await stop.CancelAsync();
        await load;
        await server.StartAsync();
        Assert.IsType<AppendResult.Appended>(await PostgresOutboxFactory.UntilAvailableAsync(() => outbox.AppendAsync(_customer, ++_last, TestCalls.Any())));

        var stored = (await outbox.ReadQueueAsync(_customer, 0, int.MaxValue, int.MaxValue)).Rows.Select(row => row.Sequence).ToHashSet();
        Assert.True(stored.IsSupersetOf(acknowledged));
        Assert.Contains(_last, stored);
    }

    private Task<AppendResult> Append(PostgresOutbox outbox) => outbox.AppendAsync(_customer, ++_last, TestCalls.Any()).AsTask();
}
