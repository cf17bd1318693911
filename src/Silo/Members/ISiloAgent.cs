using CioOrleans.Cluster;
using Orleans.Services;

namespace CioOrleans.Silo.Members;

/// <summary>Answers for one silo, to its peers.</summary>
[Alias("cio.ISiloAgent")]
public interface ISiloAgent : IGrainService
{
    /// <summary>How the silo is. It answers at once or not at all.</summary>
    [Alias("Report")]
    Task<SiloReport> Report();

    /// <summary>Hands over the workspaces that live on the silo. It takes none until it is started again.</summary>
    [Alias("Drain"), ResponseTimeout("00:02:00")]
    Task Drain();
}
