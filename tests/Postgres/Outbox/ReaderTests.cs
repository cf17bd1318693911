using CioOrleans.Customers;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using CioOrleans.Testing;
using Npgsql;

namespace CioOrleans.Postgres.Tests.Outbox;

/// <summary>How many connections one outbox reads with.</summary>
public sealed class ReaderTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>For a loaded machine. Reads fail after 5 s, which is longer than the lock is held.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Reads_beyond_the_number_of_readers_wait_and_take_no_connection()
    {
        database.Require();
        const int readers = 2;
        var named = new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = "readers", CommandTimeout = 60 }.ConnectionString;
        await using var outbox = await PostgresOutboxFactory.OpenAsync(named, new PostgresOutboxOptions { Readers = readers });
        await outbox.AppendAsync(new CustomerAddress("acme", "id:1"), 1, TestCalls.Any());

        await using var holder = await TestDatabase.OpenAsync(database.ConnectionString);
        await using var transaction = await holder.BeginTransactionAsync();
        await TestDatabase.ExecuteAsync(holder, "lock table calls in access exclusive mode");
        var reads = Enumerable.Range(0, 10).Select(_ => outbox.CountWaitingAsync("acme").AsTask()).ToList();
        await Wait.UntilAsync("As many blocked readers as there may be", _patience, async () => await CountAsync("and wait_event_type = 'Lock'") == readers);
        var connections = await CountAsync("");
        await transaction.CommitAsync();

        Assert.All(await Task.WhenAll(reads), count => Assert.Equal(1, count));

        // One connection writes.
        Assert.Equal(readers + 1, connections);
    }

    private Task<long> CountAsync(string condition) => TestDatabase.ScalarAsync<long>(
        database.ConnectionString, $"select count(*) from pg_stat_activity where datname = current_database() and application_name = 'readers' {condition}");
}
