using Orleans.Runtime.Placement;

namespace CioOrleans.Silo.Hosting;

/// <summary>The other silos of the cluster.</summary>
internal sealed class SiloPeers(ISiloStatusOracle silos, ILocalSiloDetails self)
{
    /// <summary>Makes a call whose grain, where it lives nowhere yet, is to be placed on another silo. Does nothing where there is none.</summary>
    public async ValueTask PlaceElsewhereAsync(Func<ValueTask> call)
    {
        var others = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => !silo.Equals(self.SiloAddress)).ToArray();
        if (others.Length == 0)
        {
            return;
        }

        RequestContext.Set(IPlacementDirector.PlacementHintKey, others[new Random().Next(others.Length)]);
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
