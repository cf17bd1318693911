using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>The connections that read.</summary>
internal sealed class ReaderPool(NpgsqlDataSource source, int concurrency) : IAsyncDisposable
{
    // Npgsql's own pool refuses a caller that has waited as long as a connection may take to open. Here callers wait in a queue.
    private readonly SemaphoreSlim _turns = new(concurrency);

    public ValueTask DisposeAsync()
    {
        _turns.Dispose();
        return source.DisposeAsync();
    }

    /// <summary>After a restart of the server every pooled connection is dead. Then the pool is cleared, and the read is repeated once.</summary>
    public async Task<T> ReadAsync<T>(
        NpgsqlBatchCommand[] commands, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellation, int? timeout = null)
    {
        await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            try
            {
                return await ReadOnceAsync(commands, read, timeout, cancellation).ConfigureAwait(false);
            }
            catch (NpgsqlException exception) when (exception is { IsTransient: true, InnerException: not TimeoutException })
            {
                source.Clear();
                return await ReadOnceAsync(commands, read, timeout, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<T> ReadOnceAsync<T>(
        NpgsqlBatchCommand[] commands, Func<NpgsqlDataReader, Task<T>> read, int? timeout, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var batch = new NpgsqlBatch(connection);
            await using (batch.ConfigureAwait(false))
            {
                batch.Timeout = timeout ?? batch.Timeout;
                foreach (var command in commands)
                {
                    batch.BatchCommands.Add(command);
                }

                var rows = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using (rows.ConfigureAwait(false))
                {
                    return await read(rows).ConfigureAwait(false);
                }
            }
        }
    }
}
