namespace CioOrleans.Sandbox.Reporting;

/// <summary>A set of hashed ids, in shards: growing one shard copies a small part of it, so no request pays for all.</summary>
internal sealed class SeenIds
{
    private const int Shards = 64;

    private readonly HashSet<ulong>[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new HashSet<ulong>())];

    public int Count => _shards.Sum(s => s.Count);

    /// <summary>False when the id was there before.</summary>
    public bool Add(ulong id) => _shards[id % Shards].Add(id);
}
