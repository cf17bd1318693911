using System.Globalization;
using CioOrleans.Customers;
using CioOrleans.Outbox.Tests.Contract;
using CioOrleans.Sqlite.History;
using CioOrleans.Sqlite.Outbox;
using CioOrleans.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Outbox.Tests.Sqlite;

/// <summary>Rows on their way from the index in memory to the table of queues.</summary>
public sealed class FoldingTests : IDisposable
{
    private const int Customers = 1_000;
    private const int RowsEach = 50;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task A_restart_in_the_middle_of_folding_loses_and_repeats_nothing(int steps)
    {
        var file = new SqliteFile($"Data Source={_folder.File("cio.db")}");
        await CreateAsync(file);
        using (var session = new WriterSession(file, new HistoryTally()))
        {
            for (var sequence = 1; sequence <= RowsEach; sequence++)
            {
                session.Begin();
                for (var customer = 0; customer < Customers; customer++)
                {
                    session.Append(Address(customer), sequence, TestCalls.Any());
                }

                session.Commit();
            }

            Assert.Equal(Customers * RowsEach, session.Recent.Count);
            for (var step = 0; step < steps; step++)
            {
                session.FoldRecent();
            }

            Assert.Equal(Math.Max(0, Customers * RowsEach - (steps * 2_000)), session.Recent.Count);
        }

        using (var session = new WriterSession(file, new HistoryTally()))
        {
            Assert.Equal(Math.Max(0, Customers * RowsEach - (steps * 2_000)), session.Recent.Count);
            Assert.Equal(RowsEach, session.LastSequence(Address(0)));
            Assert.Equal(RowsEach, session.LastSequence(Address(Customers - 1)));
            using var reader = new ReaderSession(file, () => session.Recent);
            Assert.Equal(Customers * RowsEach, reader.CountWaiting("acme"));
            foreach (var customer in new[] { 0, 1, 399, Customers - 1 })
            {
                var queue = reader.ReadQueue(Address(customer), 0, int.MaxValue, int.MaxValue);
                Assert.Equal(Enumerable.Range(1, RowsEach).Select(i => (long)i), queue.Rows.Select(row => row.Sequence));
            }
        }
    }

    private static CustomerAddress Address(int customer) => new("acme", "id:" + customer.ToString(CultureInfo.InvariantCulture));

    private static async Task CreateAsync(SqliteFile file)
    {
        var outbox = new SqliteOutbox(file, TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        await outbox.StartAsync();
        await outbox.DisposeAsync();
    }
}
