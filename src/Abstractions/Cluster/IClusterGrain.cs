namespace CioOrleans.Cluster;

/// <summary>The cluster as its operator sees it. Key: 0.</summary>
[Alias("cio.IClusterGrain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>All silos that are known, and the owners of all workspaces.</summary>
    [Alias("GetStatus"), ResponseTimeout("00:00:10")]
    ValueTask<ClusterStatus> GetStatus();

    /// <summary>Makes a silo hand over the workspaces that it owns and take none until it is restarted. It still serves calls and customers.</summary>
    /// <param name="silo">The silo as in <see cref="ClusterMember.Silo"/>.</param>
    /// <returns>False if no active silo has that address.</returns>
    [Alias("Drain"), ResponseTimeout("00:02:00")]
    ValueTask<bool> Drain(string silo);
}
