using CioOrleans.Leasing;

namespace CioOrleans.Silo.Storage;

/// <summary>What a front-end without a silo needs of the database: the clock by which permits end.</summary>
internal sealed class LeaseClock(PostgresLeaseStore leases) : IStorage
{
    public Task OpenAsync(CancellationToken cancellation) => leases.StartAsync(cancellation);

    public async Task CloseAsync() => await leases.DisposeAsync();
}
