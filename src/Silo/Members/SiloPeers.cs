using CioOrleans.Cluster;
using Orleans.Runtime.Placement;
using Orleans.Runtime.Services;

namespace CioOrleans.Silo.Members;

/// <summary>The other silos of the cluster.</summary>
internal sealed class SiloPeers(IServiceProvider services, IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider time)
    : GrainServiceClient<ISiloAgent>(services)
{
    /// <summary>The time limit for an answer. A healthy silo answers within it.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>This silo.</summary>
    public SiloAddress Self => self.SiloAddress;

    /// <summary>The membership as this silo knows it.</summary>
    public ClusterMembershipSnapshot Membership => membership.CurrentSnapshot;

    /// <summary>The active silos without this one.</summary>
    public IReadOnlyList<SiloAddress> Others =>
        [.. Membership.Members.Values.Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(Self)).Select(member => member.SiloAddress)];

    /// <summary>A silo's report about itself; null if it does not answer within a second.</summary>
    public async Task<SiloReport?> AskAsync(SiloAddress silo)
    {
        try
        {
            return await GetGrainService(silo).Report().WaitAsync(_patience, time);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Makes a silo hand over its workspaces.</summary>
    public Task DrainAsync(SiloAddress silo) => GetGrainService(silo).Drain();

    /// <summary>Declares a silo dead for the whole cluster.</summary>
    public Task DeclareDeadAsync(SiloAddress silo) => membership.TryKill(silo);

    /// <summary>Makes a grain call. If the grain has to be placed, it is placed on another silo, if there is one.</summary>
    public ValueTask PlaceElsewhereAsync(Func<ValueTask> call) => Others is { Count: > 0 } others ? PlaceAsync(others[new Random().Next(others.Count)], call) : call();

    /// <summary>Makes a grain call. If the grain has to be placed, it is placed on this silo.</summary>
    public ValueTask PlaceHereAsync(Func<ValueTask> call) => PlaceAsync(Self, call);

    private static async ValueTask PlaceAsync(SiloAddress silo, Func<ValueTask> call)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            await call();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
