using CioOrleans.Outbox.Sqlite;

namespace CioOrleans.Silo.Storage;

/// <summary>The file beside the process.</summary>
internal sealed class SqliteStorage(SqliteOutbox outbox) : IStorage
{
    public Task OpenAsync(CancellationToken cancellation) => outbox.StartAsync(cancellation);

    public async Task CloseAsync() => await outbox.DisposeAsync();
}
