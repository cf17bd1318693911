using System.Collections.Immutable;
using CioOrleans.Addressing;
using CioOrleans.Grains.Outbox;
using Orleans.Concurrency;

namespace CioOrleans.Grains.Addressing;

/// <summary>The secret of the grain keys in the database.</summary>
public static class StoredGrainKeys
{
    private const string SecretName = "grains";

    /// <summary>Reads the secret, and makes it if there is none yet: all silos on one database have the same.</summary>
    /// <exception cref="IOException">It cannot be stored.</exception>
    public static async Task OpenAsync(this GrainKeys keys, IWorkspaceStateStore store, CancellationToken cancellation) =>
        keys.Use(await StoredSecret.ReadOrMakeAsync(store, SecretName, GrainKeys.SecretBytes, cancellation));
}

/// <inheritdoc cref="IGrainKeyGrain"/>
[StatelessWorker]
internal sealed class GrainKeyGrain(GrainKeys keys) : Grain, IGrainKeyGrain
{
    public ValueTask<ImmutableArray<byte>> Read() => ValueTask.FromResult(ImmutableArray.Create(keys.Secret.Span));
}
