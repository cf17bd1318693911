using System.Collections.Immutable;
using CioOrleans.Addressing;
using Orleans.Concurrency;

namespace CioOrleans.Grains.Addressing;

/// <inheritdoc cref="IGrainKeyGrain"/>
[StatelessWorker]
internal sealed class GrainKeyGrain(GrainKeys keys) : Grain, IGrainKeyGrain
{
    public ValueTask<ImmutableArray<byte>> Read() => ValueTask.FromResult(ImmutableArray.Create(keys.Secret.Span));
}
