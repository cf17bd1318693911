using CioOrleans.Cluster.Network;

namespace CioOrleans.Cluster.Harness;

/// <summary>A silo of the cluster.</summary>
internal sealed record ClusterSilo(ClusterProcess Process, SiloPlace Place)
{
    /// <summary>Whether Orleans means one of its runs by such an address (<c>S127.0.0.1:11111:generation</c>).</summary>
    public bool IsAt(string siloAddress) => siloAddress.StartsWith($"S{Place.Address}:{Place.SiloPort}:", StringComparison.Ordinal);
}
