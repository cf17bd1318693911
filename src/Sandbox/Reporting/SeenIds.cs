namespace CioOrleans.Sandbox.Reporting;

/// <summary>A set of hashed ids in shards. The growth of one shard copies only a small part of the set, so that no single request is slow.</summary>
internal sealed class SeenIds
{
    private const int Shards = 64;

    private readonly HashSet<ulong>[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new HashSet<ulong>())];

    public int Count => _shards.Sum(s => s.Count);

    /// <summary>Adds an id. False if it was added before.</summary>
    public bool Add(ulong id) => _shards[id % Shards].Add(id);
}
