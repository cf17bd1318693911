using System.Globalization;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using CioOrleans.Testing;
using Npgsql;

namespace CioOrleans.Postgres.Tests.Outbox;

/// <summary>Two silos, each with a grain of the same customer.</summary>
public sealed class TwinTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private PostgresOutbox _here = null!;
    private PostgresOutbox _there = null!;

    public async ValueTask InitializeAsync()
    {
        if (database.IsAvailable)
        {
            _here = await PostgresOutboxFactory.OpenAsync(database.ConnectionString);
            _there = await PostgresOutboxFactory.OpenAsync(database.ConnectionString);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (database.IsAvailable)
        {
            await _here.DisposeAsync();
            await _there.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_twins_append_is_refused_for_its_row_alone()
    {
        database.Require();
        var customer = new CustomerAddress("acme", "id:alone");
        await _here.AppendAsync(customer, 1, TestCalls.Any());

        var twin = _there.AppendAsync(customer, 1, TestCalls.Any()).AsTask();
        var other = _there.AppendAsync(new CustomerAddress("acme", "id:other"), 1, TestCalls.Any()).AsTask();

        Assert.IsType<AppendResult.Conflict>(await twin);
        Assert.IsType<AppendResult.Appended>(await other);
        Assert.IsType<AppendResult.Appended>(await _there.AppendAsync(customer, 2, TestCalls.Any()));
    }

    [Fact]
    public async Task A_twin_is_refused_although_the_rows_are_delivered_and_gone()
    {
        database.Require();
        var customer = new CustomerAddress("acme", "id:gone");
        var call = TestCalls.Any();
        await _here.AppendAsync(customer, 1, call);
        await _here.CompleteAsync(new RowKey(customer, 1, call.Id));

        Assert.IsType<AppendResult.Conflict>(await _there.AppendAsync(customer, 1, TestCalls.Any()));
        Assert.Equal(1, (await _there.ReadQueueAsync(customer, 0, 16, 1_000)).LastSequence);
    }

    [Fact]
    public async Task Of_two_silos_that_give_out_the_same_sequences_each_is_stored_by_one()
    {
        database.Require();
        var customers = Enumerable.Range(0, 20).Select(i => new CustomerAddress("acme", "race:" + i.ToString(CultureInfo.InvariantCulture))).ToArray();

        for (var sequence = 1; sequence <= 50; sequence++)
        {
            var here = customers.Select(customer => _here.AppendAsync(customer, sequence, TestCalls.Any()).AsTask()).ToArray();
            var there = customers.Reverse().Select(customer => _there.AppendAsync(customer, sequence, TestCalls.Any()).AsTask()).ToArray();
            var results = (Here: await Task.WhenAll(here), There: await Task.WhenAll(there));

            for (var i = 0; i < customers.Length; i++)
            {
                Assert.Single([results.Here[i], results.There[^(i + 1)]], result => result is AppendResult.Appended);
                Assert.Single([results.Here[i], results.There[^(i + 1)]], result => result is AppendResult.Conflict);
            }
        }

        var queue = await _here.ReadQueueAsync(customers[0], 0, 100, int.MaxValue);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), queue.Rows.Select(row => row.Sequence));
    }

    [Fact]
    public async Task A_customer_whose_row_a_stopped_silo_has_locked_holds_up_nobody_else()
    {
        database.Require();
        var (locked, other) = (new CustomerAddress("acme", "locked"), new CustomerAddress("acme", "unlocked"));
        await _here.AppendAsync(locked, 1, TestCalls.Any());
        await using var stopped = await TestDatabase.OpenAsync(database.ConnectionString);
        await using var transaction = await stopped.BeginTransactionAsync();
        await TestDatabase.ExecuteAsync(stopped, "update customers set last_seq = 2 where key = 'locked'");

        var blocked = _here.AppendAsync(locked, 2, TestCalls.Any()).AsTask();
        var free = _here.AppendAsync(other, 1, TestCalls.Any()).AsTask();

        Assert.IsType<AppendResult.Appended>(await free);
        Assert.IsType<AppendResult.Unavailable>(await blocked);
        await transaction.CommitAsync();
        Assert.IsType<AppendResult.Conflict>(await _here.AppendAsync(locked, 2, TestCalls.Any()));
    }

    [Fact]
    public async Task New_work_of_a_commit_that_began_first_and_ended_last_is_not_missed()
    {
        database.Require();
        var (blocked, late) = (new CustomerAddress("new", "blocked"), new CustomerAddress("new", "late"));
        await _here.AppendAsync(blocked, 1, TestCalls.Any());
        var start = (await _here.ReadHeadsAsync("new", null, 10)).Position;

        // The slow silo's transaction has an id and waits for a lock, while the quick one gets a later id and commits.
        var patient = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c lock_timeout=0", CommandTimeout = 60 };
        await using var waiting = await PostgresOutboxFactory.OpenAsync(patient.ConnectionString);
        await using var holder = await TestDatabase.OpenAsync(database.ConnectionString);
        await using var transaction = await holder.BeginTransactionAsync();
        await TestDatabase.ExecuteAsync(holder, "select 1 from customers where key = 'blocked' for update");
        var slow = waiting.AppendAsync(blocked, 2, TestCalls.Any()).AsTask();
        await WaitForBlockedWriterAsync();
        Assert.IsType<AppendResult.Appended>(await _there.AppendAsync(late, 1, TestCalls.Any()));

        var seen = await _there.ReadNewWorkAsync("new", start, 10);
        await transaction.CommitAsync();
        Assert.IsType<AppendResult.Appended>(await slow);
        var after = await _there.ReadNewWorkAsync("new", seen.Position, 10);

        Assert.Contains("late", seen.Heads.Select(head => head.Customer));
        Assert.DoesNotContain("blocked", seen.Heads.Select(head => head.Customer));
        Assert.Contains("blocked", after.Heads.Select(head => head.Customer));
    }

    private Task WaitForBlockedWriterAsync()
    {
        const string blocked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        return Wait.UntilAsync("A writer that waits for a lock", _patience, async () => await TestDatabase.ScalarAsync<long>(database.ConnectionString, blocked) > 0);
    }
}
