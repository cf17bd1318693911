namespace CioOrleans.Cluster;

/// <summary>The cluster as its operator sees it. Key: 0.</summary>
[Alias("cio.IClusterGrain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>All silos that are known, and the owners of all workspaces.</summary>
    [Alias("GetStatus"), ResponseTimeout("00:00:10")]
    ValueTask<ClusterStatus> GetStatus();

    /// <summary>Lets a silo hand over the workspaces it owns and take none until it is started again. It still serves calls and customers.</summary>
    /// <param name="silo">As in <see cref="ClusterMember.Silo"/>.</param>
    /// <returns>False where no active silo has that address.</returns>
    [Alias("Drain"), ResponseTimeout("00:02:00")]
    ValueTask<bool> Drain(string silo);
}
