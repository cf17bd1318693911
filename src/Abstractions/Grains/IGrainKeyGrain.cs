using System.Collections.Immutable;
using Orleans.Concurrency;

namespace CioOrleans.Grains;

/// <summary>Tells processes without a database the secret of the grain keys. The silo that takes the call answers it (the keys mean nothing).</summary>
[Alias("cio.IGrainKeyGrain")]
public interface IGrainKeyGrain : IGrainWithIntegerKey
{
    /// <summary>The secret of <see cref="GrainKeys"/>.</summary>
    [Alias("Read"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    ValueTask<ImmutableArray<byte>> Read();
}
