using CioOrleans.Refusing;

namespace CioOrleans.Grains.Outbox;

/// <summary>The store of refused calls. Reads throw while the database cannot be reached.</summary>
public interface IRefusedCallStore
{
    /// <summary>Stores calls, all or none. A call whose id is stored is left as it is.</summary>
    ValueTask<WriteResult> KeepRefusedAsync(string workspace, IReadOnlyList<RefusedCall> calls);

    /// <summary>Calls without their bodies, newest first; only those older than <paramref name="before"/> if it is given.</summary>
    ValueTask<IReadOnlyList<RefusedCall>> ReadRefusedAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default);

    /// <summary>One call with its body; null if there is none with this id.</summary>
    ValueTask<RefusedCall?> FindRefusedAsync(string workspace, Ulid id, CancellationToken cancellation = default);

    /// <summary>The ids of calls that name a person, oldest first.</summary>
    ValueTask<IReadOnlyList<Ulid>> FindRefusedOfAsync(string workspace, string person, int limit, CancellationToken cancellation = default);

    /// <summary>The ids of the oldest calls, with the size of what is kept of each, oldest first; only those older than <paramref name="before"/> if it is given.</summary>
    ValueTask<IReadOnlyList<RefusedSize>> ReadOldestRefusedAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default);

    /// <summary>How many calls are stored, and the size of their kept bodies.</summary>
    ValueTask<RefusedTotal> CountRefusedAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>Deletes calls. Ids that are not stored are ignored.</summary>
    /// <returns>How many calls were deleted.</returns>
    /// <exception cref="IOException">The change could not be stored.</exception>
    ValueTask<int> DeleteRefusedAsync(string workspace, IReadOnlyList<Ulid> ids);
}

/// <summary>A refused call, and the size of what is kept of its body, in bytes.</summary>
public readonly record struct RefusedSize(Ulid Id, int Bytes);

/// <summary>The number of refused calls, and the size of what is kept of their bodies, in bytes.</summary>
public readonly record struct RefusedTotal(long Calls, long Bytes);
