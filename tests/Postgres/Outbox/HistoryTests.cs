using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;

namespace CioOrleans.Postgres.Tests.Outbox;

public sealed class HistoryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_missing_partition_drops_the_row_and_the_end_of_the_call_is_stored()
    {
        var connection = await database.CreateAnotherAsync();
        await using var outbox = await PostgresOutboxFactory.OpenAsync(connection);
        var (customer, call) = (new CustomerAddress("acme", "id:1"), TestCalls.Any());
        await outbox.AppendAsync(customer, 1, call);
        var (today, old) = (RowOf(customer, call, _now), RowOf(customer, call, _now.AddDays(-20)));

        Assert.IsType<WriteResult.Written>(await outbox.CompleteAsync([new RowKey(customer, 1, call.Id)], [old, today]));

        Assert.Empty((await outbox.ReadQueueAsync(customer, 0, 10, int.MaxValue)).Rows);
        Assert.Equal([today], (await outbox.SearchHistoryAsync("acme", new HistoryFilter(), null, 10)).Rows);
        Assert.Equal(1, outbox.DroppedRows);

        await outbox.TrimHistoryAsync(_now, TimeSpan.FromDays(7), long.MaxValue);
        Assert.Equal((old.Ended, 1L), Assert.Single((await outbox.ReadNotesAsync("acme")).OfType<HistoryNote.RowsDropped>()) is var note ? (note.From, note.Count) : default);
    }

    [Fact]
    public async Task The_end_of_a_call_that_another_activation_has_ended_is_a_repeat()
    {
        var connection = await database.CreateAnotherAsync();
        await using var outbox = await PostgresOutboxFactory.OpenAsync(connection);
        var (customer, call) = (new CustomerAddress("acme", "id:1"), TestCalls.Any());
        await outbox.AppendAsync(customer, 1, call);
        var (first, second) = (RowOf(customer, call, _now), RowOf(customer, call, _now.AddSeconds(3)));

        await outbox.CompleteAsync([new RowKey(customer, 1, call.Id)], [first]);
        await outbox.CompleteAsync([new RowKey(customer, 1, call.Id)], [second]);
        await outbox.CompleteAsync([new RowKey(customer, 1, call.Id)], [first]);

        Assert.Equal([second with { Result = HistoryResult.Repeated }, first], (await outbox.SearchHistoryAsync("acme", new HistoryFilter(), null, 10)).Rows);
    }

    [Fact]
    public async Task A_row_that_the_database_cannot_store_is_dropped_and_the_end_of_the_call_is_stored()
    {
        var connection = await database.CreateAnotherAsync();
        await using var outbox = await PostgresOutboxFactory.OpenAsync(connection);
        var (customer, call) = (new CustomerAddress("acme", "id:1"), TestCalls.Any());
        await outbox.AppendAsync(customer, 1, call);

        // Half of a surrogate pair has no UTF-8.
        Assert.IsType<WriteResult.Written>(await outbox.CompleteAsync([new RowKey(customer, 1, call.Id)], [RowOf(customer, call, _now) with { Reason = "\uD83D" }]));

        Assert.Empty((await outbox.ReadQueueAsync(customer, 0, 10, int.MaxValue)).Rows);
        Assert.Equal(1, outbox.DroppedRows);
        Assert.IsType<WriteResult.Written>(await outbox.RecordAsync(HistoryRows.Delivered(_now)));
        Assert.Single((await outbox.SearchHistoryAsync("acme", new HistoryFilter(), null, 10)).Rows);
    }

    [Fact]
    public async Task A_role_that_may_not_write_the_history_delivers_without_it()
    {
        var connection = await database.CreateAnotherAsync();
        await (await PostgresOutboxFactory.OpenAsync(connection)).DisposeAsync();
        var role = $"limited_{Guid.NewGuid():N}";
        await TestDatabase.ExecuteAsync(
            connection,
            $"""
            create role {role} login superuser;
            alter role {role} nosuperuser;
            grant select, insert, update, delete on workspaces, customers, calls, dead_letters, send_results, send_keys, leases, schema_versions to {role};
            """);
        await using var outbox = await PostgresOutboxFactory.OpenAsync(new Npgsql.NpgsqlConnectionStringBuilder(connection) { Username = role }.ConnectionString, new PostgresOutboxOptions { MigrateAtStart = false });
        var (customer, call) = (new CustomerAddress("acme", "id:1"), TestCalls.Any());
        await outbox.AppendAsync(customer, 1, call);

        Assert.IsType<WriteResult.Written>(await outbox.CompleteAsync([new RowKey(customer, 1, call.Id)], [HistoryRows.Delivered(_now)]));

        Assert.Equal(1, outbox.DroppedRows);
    }

    [Fact]
    public async Task Days_that_are_too_old_are_dropped_as_a_whole()
    {
        var connection = await database.CreateAnotherAsync();
        await using var outbox = await PostgresOutboxFactory.OpenAsync(connection);
        var (old, young) = (HistoryRows.Delivered(_now.AddDays(-1)), HistoryRows.Delivered(_now));
        await outbox.RecordAsync(old, young);
        Assert.Equal(5, await DaysAsync(connection));

        Assert.False(await outbox.TrimHistoryAsync(_now.AddDays(6), TimeSpan.FromDays(7), long.MaxValue));
        Assert.Equal(2, (await outbox.SearchHistoryAsync("acme", new HistoryFilter(), null, 10)).Rows.Count);
        Assert.True(await outbox.TrimHistoryAsync(_now.AddDays(7), TimeSpan.FromDays(7), long.MaxValue));

        Assert.Equal([young], (await outbox.SearchHistoryAsync("acme", new HistoryFilter(), null, 10)).Rows);
        Assert.NotEmpty((await outbox.ReadNotesAsync("acme")).OfType<HistoryNote.RowsDeleted>());
    }

    [Fact]
    public async Task Of_too_many_rows_the_oldest_go_first()
    {
        var connection = await database.CreateAnotherAsync();
        await using var outbox = await PostgresOutboxFactory.OpenAsync(connection);
        await outbox.RecordAsync([.. Enumerable.Range(0, 12_000).Select(i => HistoryRows.Delivered(_now.AddMilliseconds(i)))]);
        await TestDatabase.ExecuteAsync(connection, "analyze history");

        // The server's count of rows is late: each call looks at it once.
        for (var i = 0; i < 3 && await outbox.TrimHistoryAsync(_now, TimeSpan.FromDays(7), 2_000 * 260); i++)
        {
        }

        var left = (await outbox.SearchHistoryAsync("acme", new HistoryFilter(), null, 20_000)).Rows;
        Assert.Equal((7_000, HistoryId.Microseconds(_now.AddMilliseconds(11_999))), (Math.Max(left.Count, 7_000), left[0].Ended));
        Assert.True(left.Count < 12_000);
    }

    [Fact]
    public async Task An_attempt_takes_at_most_350_bytes_on_the_disk_with_its_indexes()
    {
        const int count = 60_000;
        var connection = await database.CreateAnotherAsync();
        await using var outbox = await PostgresOutboxFactory.OpenAsync(connection);
        var random = new Random(1);
        for (var start = 0; start < count; start += 2_000)
        {
            await outbox.RecordAsync([.. Enumerable.Range(start, 2_000).Select(i => HistoryRows.Delivered(_now.AddMilliseconds(i), $"id:{random.Next(10_000):d17}") with { EventKey = random.NextInt64() })]);
        }

        Assert.InRange(await TestDatabase.ScalarAsync<long>(connection, "select history_size()") / count, 100, 350);
    }

    private static HistoryRow RowOf(CustomerAddress customer, CioOrleans.Calls.Call call, DateTimeOffset at) => HistoryRows.Delivered(at, customer.Customer) with { CallId = call.Id };

    private static Task<long> DaysAsync(string connection) => TestDatabase.ScalarAsync<long>(connection, "select count(*) from history_days");
}
