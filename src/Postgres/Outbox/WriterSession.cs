using CioOrleans.Postgres.History;
using CioOrleans.Postgres.Outbox.Writes;
using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>A connection that writes. After a failure it is discarded together with its caches.</summary>
internal sealed class WriterSession : IAsyncDisposable
{
    // A statement that is refused would fail the whole group.
    private const string MayRecordSql =
        """
        select has_table_privilege('history', 'insert') and has_table_privilege('history_days', 'select') and has_table_privilege('history_silos', 'select')
            and has_table_privilege('history_silos', 'insert'),
            has_table_privilege('history_bodies', 'insert') and has_table_privilege('history_bodies', 'select') and has_table_privilege('history_bodies', 'delete')
        """;

    private readonly NpgsqlConnection _connection;
    private readonly CustomerIds _customers;
    private readonly WriteBatch _batch;
    private readonly bool _mayRecord;

    private WriterSession(NpgsqlConnection connection, DropCount dropped, bool mayRecord, bool mayKeepBodies)
    {
        _mayRecord = mayRecord;
        _connection = connection;
        _customers = new CustomerIds();
        _batch = new WriteBatch(_customers, dropped) { KeepsBodies = mayKeepBodies };
    }

    public static async ValueTask<WriterSession> OpenAsync(NpgsqlDataSource source, DropCount dropped)
    {
        var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
        try
        {
            var command = new NpgsqlCommand(MayRecordSql, connection);
            await using (command.ConfigureAwait(false))
            {
                var row = await command.ExecuteReaderAsync().ConfigureAwait(false);
                await using (row.ConfigureAwait(false))
                {
                    await row.ReadAsync().ConfigureAwait(false);
                    return new WriterSession(connection, dropped, row.GetBoolean(0), row.GetBoolean(1));
                }
            }
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stores a group of changes in one transaction; returns after its commit.</summary>
    /// <param name="writes">The changes.</param>
    /// <param name="keepsHistory">Whether rows of the history are stored with them.</param>
    public async ValueTask CommitAsync(IReadOnlyList<PendingWrite> writes, bool keepsHistory = true)
    {
        _batch.KeepsHistory = keepsHistory && _mayRecord;
        foreach (var write in writes)
        {
            write.CollectCustomers(_customers);
        }

        await _customers.ResolveAsync(_connection).ConfigureAwait(false);
        foreach (var write in writes)
        {
            write.AddTo(_batch);
        }

        await _batch.ExecuteAsync(_connection).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
