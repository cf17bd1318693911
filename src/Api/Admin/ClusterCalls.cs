using CioOrleans.Cluster;

namespace CioOrleans.Api.Admin;

/// <summary>The requests under <c>/admin/cluster</c>.</summary>
internal sealed class ClusterCalls(IGrainFactory grains)
{
    private IClusterGrain Cluster => grains.GetGrain<IClusterGrain>(0);

    public async Task<IResult> GetCluster() => AdminAnswer.Ok(ClusterAnswer.Of(await Cluster.GetStatus()), AdminJson.Readable.ClusterAnswer);

    /// <summary>Makes a silo hand over its workspaces. Returns when the hand-over has ended.</summary>
    public async Task<IResult> Drain(string silo) => await Cluster.Drain(silo)
        ? await GetCluster()
        : AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no active silo '{silo}'. GET /admin/cluster names them.");
}
