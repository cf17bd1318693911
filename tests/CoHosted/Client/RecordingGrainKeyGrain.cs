using System.Collections.Immutable;
using CioOrleans.Addressing;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>Tells the secret of the tests' silo.</summary>
public sealed class RecordingGrainKeyGrain : Grain, IGrainKeyGrain
{
    /// <summary>The keys of the silo.</summary>
    public static GrainKeys Keys { get; } = Create();

    public ValueTask<ImmutableArray<byte>> Read() => ValueTask.FromResult(ImmutableArray.Create(Keys.Secret.Span));

    private static GrainKeys Create()
    {
        var keys = new GrainKeys();
        keys.Use(Enumerable.Range(0, GrainKeys.SecretBytes).Select(i => (byte)i).ToArray());
        return keys;
    }
}
