using CioOrleans.Operating;

namespace CioOrleans.Grains.Operating;

/// <summary>Reads lists for operators from the store. A read may take seconds with millions of waiting calls, so use it rarely.</summary>
public interface IListStore
{
    /// <summary>The longest queues of a workspace, and those whose first calls have waited longest.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="limit">The maximum number of queues of each list.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<QueueSummaries> ReadQueuesAsync(string workspace, int limit, CancellationToken cancellation = default);

    /// <summary>The stored progress of imports, those with the highest ids first, before <paramref name="before"/> if it is given.</summary>
    ValueTask<IReadOnlyList<StoredImport>> ReadImportsAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default);

    /// <summary>The stored sends that Customer.io has answered, those with the highest ids first, before <paramref name="before"/> if it is given.</summary>
    ValueTask<IReadOnlyList<AnsweredSend>> ReadAnsweredSendsAsync(string workspace, Ulid? before, int limit, CancellationToken cancellation = default);

    /// <summary>The stored sends among the first <see cref="WaitingSends.Searched"/> waiting calls.</summary>
    ValueTask<WaitingSends> ReadWaitingSendsAsync(string workspace, int limit, CancellationToken cancellation = default);
}

/// <summary>The longest and the oldest queues.</summary>
/// <param name="Longest">The longest first.</param>
/// <param name="Oldest">The oldest first.</param>
/// <param name="IsOldestComplete">As <see cref="QueueList.IsOldestComplete"/>.</param>
public sealed record QueueSummaries(IReadOnlyList<QueueSummary> Longest, IReadOnlyList<QueueSummary> Oldest, bool IsOldestComplete);

/// <summary>The stored state of an import.</summary>
/// <param name="Id">The import's id.</param>
/// <param name="State">As it was stored.</param>
public sealed record StoredImport(Ulid Id, string State);
