using System.Collections.Immutable;
using Orleans.Concurrency;

namespace CioOrleans.Addressing;

/// <summary>Returns the secret of the grain keys to processes without a database. Any silo answers; the key of the grain has no meaning.</summary>
[Alias("cio.IGrainKeyGrain")]
public interface IGrainKeyGrain : IGrainWithIntegerKey
{
    /// <summary>The secret of <see cref="GrainKeys"/>.</summary>
    [Alias("Read"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    ValueTask<ImmutableArray<byte>> Read();
}
