using CioOrleans.Cluster;

namespace CioOrleans.Api.Admin;

/// <summary>What <c>/admin/cluster</c> does.</summary>
internal sealed class ClusterCalls(IGrainFactory grains)
{
    private IClusterGrain Cluster => grains.GetGrain<IClusterGrain>(0);

    public async Task<IResult> GetCluster() => AdminAnswer.Ok(ClusterAnswer.Of(await Cluster.GetStatus()), AdminJson.Readable.ClusterAnswer);

    /// <summary>Returns once the silo has handed its workspaces over.</summary>
    public async Task<IResult> Drain(string silo) => await Cluster.Drain(silo)
        ? await GetCluster()
        : AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no active silo '{silo}'. GET /admin/cluster names them.");
}
