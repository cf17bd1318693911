using CioOrleans.Addressing;
using CioOrleans.Grains.Addressing;
using CioOrleans.Grains.Customers;
using CioOrleans.Postgres.Leasing;
using CioOrleans.Postgres.Outbox;

namespace CioOrleans.Silo.Storage;

/// <summary>The database that the silos of a cluster share.</summary>
internal sealed class PostgresStorage(PostgresOutbox outbox, QueueSharing sharing, GrainKeys keys, PostgresLeaseStore leases) : IStorage
{
    // The outbox is opened first, because it runs the migrations.
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await outbox.OpenAsync(cancellation);
        await sharing.OpenAsync(outbox, cancellation);
        await keys.OpenAsync(outbox, cancellation);
        await leases.StartAsync(cancellation);
    }

    public async Task CloseAsync()
    {
        await leases.DisposeAsync();
        await outbox.DisposeAsync();
    }
}
