using CioOrleans.Cluster;
using Orleans.Services;

namespace CioOrleans.Silo.Members;

/// <summary>Represents one silo to its peers.</summary>
[Alias("cio.ISiloAgent")]
public interface ISiloAgent : IGrainService
{
    /// <summary>The silo's report about itself. It never waits.</summary>
    [Alias("Report")]
    Task<SiloReport> Report();

    /// <summary>Hands over the workspaces on the silo. The silo takes none until it is restarted.</summary>
    [Alias("Drain"), ResponseTimeout("00:02:00")]
    Task Drain();
}
