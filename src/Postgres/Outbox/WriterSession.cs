using CioOrleans.Postgres.Outbox.Writes;
using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>A connection that writes. After a failure it is discarded together with its caches.</summary>
internal sealed class WriterSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly CustomerIds _customers;
    private readonly WriteBatch _batch;

    private WriterSession(NpgsqlConnection connection)
    {
        _connection = connection;
        _customers = new CustomerIds();
        _batch = new WriteBatch(_customers);
    }

    public static async ValueTask<WriterSession> OpenAsync(NpgsqlDataSource source) =>
        new(await source.OpenConnectionAsync().ConfigureAwait(false));

    /// <summary>Stores a group of changes in one transaction; returns after its commit.</summary>
    public async ValueTask CommitAsync(IReadOnlyList<PendingWrite> writes)
    {
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
