using CioOrleans.Silo.Health;

namespace CioOrleans.Silo.Storage;

/// <summary>Opens the storage before the silo starts and closes it after the silo has stopped. It is registered first.</summary>
internal sealed class StorageService(IStorage storage, Readiness readiness) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await storage.OpenAsync(cancellationToken);
        readiness.IsStorageOpen = true;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        readiness.IsStorageOpen = false;
        await storage.CloseAsync();
    }
}
