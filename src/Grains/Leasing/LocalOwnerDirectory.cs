using System.Collections.Concurrent;
using Orleans.GrainDirectory;

namespace CioOrleans.Grains.Leasing;

/// <summary>The owners' directory of a silo that no other silo joins. Safe for use from all threads.</summary>
public sealed class LocalOwnerDirectory : IGrainDirectory
{
    private readonly ConcurrentDictionary<GrainId, GrainAddress> _owners = new();

    /// <inheritdoc/>
    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, previousAddress: null);

    /// <inheritdoc/>
    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress) => Task.FromResult<GrainAddress?>(_owners.AddOrUpdate(
        address.GrainId, address, (_, registered) => previousAddress is not null && registered.Matches(previousAddress) ? address : registered));

    /// <inheritdoc/>
    public Task Unregister(GrainAddress address)
    {
        if (_owners.TryGetValue(address.GrainId, out var registered) && registered.Matches(address))
        {
            _owners.TryRemove(KeyValuePair.Create(address.GrainId, registered));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult(_owners.GetValueOrDefault(grainId));

    /// <inheritdoc/>
    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
