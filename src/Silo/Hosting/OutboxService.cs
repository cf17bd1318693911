using CioOrleans.Outbox.Sqlite;

namespace CioOrleans.Silo.Hosting;

/// <summary>Opens the outbox before the silo starts, and closes it after the silo has stopped: it is registered first.</summary>
internal sealed class OutboxService(SqliteOutbox outbox) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => outbox.StartAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken) => await outbox.DisposeAsync();
}
