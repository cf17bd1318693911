using CioOrleans.Grains.Outbox;
using CioOrleans.Refusing;

namespace CioOrleans.Rules.Tests.Refusing;

/// <summary>A store of refused calls in memory that can be away.</summary>
internal sealed class MemoryRefusedCalls : IRefusedCallStore
{
    private readonly SortedDictionary<Ulid, RefusedCall> _calls = [];

    public IEnumerable<RefusedCall> Calls => _calls.Values;

    public bool IsAway { get; set; }

    /// <summary>The sizes of the deletes, in calls.</summary>
    public List<int> Deletes { get; } = [];

    public ValueTask<WriteResult> KeepRefusedAsync(string workspace, IReadOnlyList<RefusedCall> calls)
    {
        if (IsAway)
        {
            return new(new WriteResult.Unavailable("away"));
        }

        foreach (var call in calls)
        {
            _calls.TryAdd(call.Id, call);
        }

        return new(WriteResult.Written.Instance);
    }

    public ValueTask<IReadOnlyList<RefusedCall>> ReadRefusedAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default) =>
        new([.. _calls.Values.Reverse().Where(call => before is null || call.Id.CompareTo(before.Value) < 0).Take(limit)]);

    public ValueTask<RefusedCall?> FindRefusedAsync(string workspace, Ulid id, CancellationToken cancellation = default) => new(_calls.GetValueOrDefault(id));

    public ValueTask<IReadOnlyList<Ulid>> FindRefusedOfAsync(string workspace, string person, int limit, CancellationToken cancellation = default) =>
        new([.. _calls.Values.Where(call => call.Persons.Contains(person)).Take(limit).Select(call => call.Id)]);

    public ValueTask<IReadOnlyList<RefusedSize>> ReadOldestRefusedAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default) =>
        new([.. _calls.Values.Where(call => before is null || call.Id.CompareTo(before.Value) < 0).Take(limit).Select(call => new RefusedSize(call.Id, call.Body.Length))]);

    public ValueTask<RefusedTotal> CountRefusedAsync(string workspace, CancellationToken cancellation = default) =>
        new(new RefusedTotal(_calls.Count, _calls.Values.Sum(call => (long)call.Body.Length)));

    public ValueTask<int> DeleteRefusedAsync(string workspace, IReadOnlyList<Ulid> ids)
    {
        if (IsAway)
        {
            throw new IOException("away");
        }

        Deletes.Add(ids.Count);
        return new(ids.Count(_calls.Remove));
    }
}
