using CioOrleans.Addressing;
using CioOrleans.Grains.Addressing;
using CioOrleans.Grains.Customers;
using CioOrleans.Sqlite.Outbox;

namespace CioOrleans.Silo.Storage;

/// <summary>The file beside the process.</summary>
internal sealed class SqliteStorage(SqliteOutbox outbox, QueueSharing sharing, GrainKeys keys) : IStorage
{
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await outbox.StartAsync(cancellation);
        await sharing.OpenAsync(outbox, cancellation);
        await keys.OpenAsync(outbox, cancellation);
    }

    public async Task CloseAsync() => await outbox.DisposeAsync();
}
