using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing.Processes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Outbox.Tests.Sqlite;

public sealed class HistoryTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_that_are_too_old_are_deleted_in_slices_and_the_rest_stays()
    {
        await using var outbox = await OpenAsync();
        await outbox.RecordAsync([.. Enumerable.Range(0, 2_500).Select(i => HistoryRows.Delivered(_now.AddDays(-8).AddSeconds(i)))]);
        var young = HistoryRows.Delivered(_now.AddDays(-6));
        await outbox.RecordAsync(young);

        var slices = 1;
        for (; await outbox.TrimHistoryAsync(_now, TimeSpan.FromDays(7), long.MaxValue); slices++)
        {
        }

        Assert.Equal(3, slices);
        Assert.Equal([young], (await outbox.SearchHistoryAsync("acme", new HistoryFilter(), null, 10)).Rows);
        var deleted = Assert.Single((await outbox.ReadNotesAsync("acme")).OfType<HistoryNote.RowsDeleted>());
        Assert.InRange(deleted.At, HistoryId.Microseconds(_now.AddDays(-8).AddSeconds(2_500)), young.Ended);
    }

    [Fact]
    public async Task Of_too_many_rows_the_oldest_go_first_after_a_restart_too()
    {
        await using (var before = await OpenAsync())
        {
            await before.RecordAsync([.. Enumerable.Range(0, 2_000).Select(i => HistoryRows.Delivered(_now.AddSeconds(i)))]);
        }

        await using var outbox = await OpenAsync();
        await outbox.RecordAsync([.. Enumerable.Range(2_000, 1_000).Select(i => HistoryRows.Delivered(_now.AddSeconds(i)))]);
        while (await outbox.TrimHistoryAsync(_now, TimeSpan.FromDays(7), 1_200 * 200))
        {
        }

        var page = await outbox.SearchHistoryAsync("acme", new HistoryFilter(), null, 5_000);
        Assert.Equal((1_200, HistoryId.Microseconds(_now.AddSeconds(1_800))), (page.Rows.Count, page.Rows[^1].Ended));
    }

    [Fact]
    public async Task Bodies_count_as_the_rows_do_after_a_restart_too()
    {
        var body = HistoryBody.Of(TestCalls.Any() with { Body = System.Security.Cryptography.RandomNumberGenerator.GetBytes(1_800) }, null);
        await using (var before = await OpenAsync())
        {
            await before.RecordAsync([.. Enumerable.Range(0, 200).Select(i => HistoryRows.Delivered(_now.AddSeconds(i)) with { Body = body })]);
        }

        await using var outbox = await OpenAsync();
        await outbox.RecordAsync([.. Enumerable.Range(200, 200).Select(i => HistoryRows.Delivered(_now.AddSeconds(i)) with { Body = body })]);
        await outbox.TrimHistoryAsync(_now, TimeSpan.FromDays(7), 400_000);

        var page = await outbox.SearchHistoryAsync("acme", new HistoryFilter { WithBodies = true }, null, 5_000);
        Assert.InRange(page.Rows.Count, 400_000 / 2_400, 400_000 / 2_000);
        Assert.All(page.Rows, row => Assert.NotNull(row.Body));
    }

    [Fact]
    public async Task A_full_database_drops_rows_of_the_history_and_still_takes_the_ends_of_calls()
    {
        await using var outbox = await OpenAsync(new SqliteFile($"Data Source={_folder.File("cio.db")}") { MaxPages = 250 });
        var customer = new CustomerAddress("acme", "id:1");
        var calls = Enumerable.Range(1, 20).Select(i => (Sequence: (long)i, Call: TestCalls.Any())).ToList();
        foreach (var (sequence, call) in calls)
        {
            Assert.IsType<AppendResult.Appended>(await outbox.AppendAsync(customer, sequence, call));
        }

        for (var i = 0; outbox.DroppedRows == 0; i++)
        {
            Assert.True(i < 1_000, "The database has room for 250 pages, and was not full after 1,000 writes.");
            Assert.IsType<WriteResult.Written>(await outbox.RecordAsync([.. Enumerable.Range(0, 100).Select(j => HistoryRows.Delivered(_now.AddSeconds((i * 100) + j)))]));
        }

        foreach (var (sequence, call) in calls)
        {
            Assert.IsType<WriteResult.Written>(await outbox.CompleteAsync([new RowKey(customer, sequence, call.Id)], [HistoryRows.Delivered(_now.AddHours(9))]));
        }

        Assert.Empty((await outbox.ReadQueueAsync(customer, 0, 100, int.MaxValue)).Rows);
        Assert.NotEmpty((await outbox.ReadNotesAsync("acme")).OfType<HistoryNote.RowsDropped>());
    }

    [Fact]
    public async Task An_attempt_takes_at_most_220_bytes_on_the_disk_with_its_indexes()
    {
        const int count = 60_000;
        await using (var outbox = await OpenAsync())
        {
            // Customers at random, and every call with an id of its own.
            var random = new Random(1);
            for (var start = 0; start < count; start += 2_000)
            {
                await outbox.RecordAsync([.. Enumerable.Range(start, 2_000).Select(i => HistoryRows.Delivered(_now.AddMilliseconds(10 * i), $"id:{random.Next(10_000):d17}") with { EventKey = random.NextInt64() })]);
            }
        }

        using var connection = new SqliteConnection($"Data Source={_folder.File("cio.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select (p.page_count - f.freelist_count) * s.page_size from pragma_page_count p, pragma_freelist_count f, pragma_page_size s";
        Assert.InRange((long)command.ExecuteScalar()! / count, 100, 220);
    }

    private async Task<SqliteOutbox> OpenAsync(SqliteFile? file = null)
    {
        var outbox = new SqliteOutbox(file ?? new SqliteFile($"Data Source={_folder.File("cio.db")}"), TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        await outbox.StartAsync();
        return outbox;
    }
}
