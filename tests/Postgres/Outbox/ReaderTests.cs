using CioOrleans.Customers;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using CioOrleans.Testing;
using Npgsql;

namespace CioOrleans.Postgres.Tests.Outbox;

/// <summary>How many connections one outbox reads with, and how PostgreSQL looks up what is passed to it in lists.</summary>
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

    /// <summary>A join would compare each row with each entry of the list: that took half of the processor time of a busy workspace once.</summary>
    [Theory]
    [InlineData(nameof(OutboxReader), OutboxReader.NewWorkSql, "text, bigint, bigint, bigint[]", 1)]
    [InlineData(
        nameof(AppendRun),
        AppendRun.Sql,
        "bigint[], bigint[], bigint[], bigint, smallint[], bigint[], bigint[], uuid[], smallint[], smallint[], smallint[], bigint[], text[], text[], text[], text[], bytea[], bigint[]",
        2)]
    public async Task Lists_are_hashed_whatever_is_known_of_their_length(string name, string sql, string types, int lists)
    {
        database.Require();
        await (await PostgresOutboxFactory.OpenAsync(database.ConnectionString)).DisposeAsync();
        await using var connection = await TestDatabase.OpenAsync(database.ConnectionString);
        var nothing = string.Join(", ", types.Split(", ").Select(_ => "null"));
        await TestDatabase.ExecuteAsync(connection, $"prepare statement ({types}) as {sql}");

        foreach (var mode in new[] { "force_custom_plan", "force_generic_plan" })
        {
            await TestDatabase.ExecuteAsync(connection, $"set plan_cache_mode = {mode}");
            var plan = await ReadAsync(connection, $"explain execute statement ({nothing})");

            Assert.True(plan.Count(line => line.Contains("hashed SubPlan", StringComparison.Ordinal)) == lists, $"{name}, {mode}:\n{string.Join('\n', plan)}");
        }
    }

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await rows.ReadAsync())
        {
            lines.Add(rows.GetString(0));
        }

        return lines;
    }

    private Task<long> CountAsync(string condition) => TestDatabase.ScalarAsync<long>(
        database.ConnectionString, $"select count(*) from pg_stat_activity where datname = current_database() and application_name = 'readers' {condition}");
}
