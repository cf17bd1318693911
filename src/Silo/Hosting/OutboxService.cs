using CioOrleans.Health;
using CioOrleans.Outbox.Sqlite;

namespace CioOrleans.Silo.Hosting;

/// <summary>Opens the outbox before the silo starts, and closes it after the silo has stopped: it is registered first.</summary>
internal sealed class OutboxService(SqliteOutbox outbox, Readiness readiness) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await outbox.StartAsync(cancellationToken);
        readiness.IsStorageOpen = true;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        readiness.IsStorageOpen = false;
        await outbox.DisposeAsync();
    }
}
