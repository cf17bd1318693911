using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;

namespace CioOrleans.Grains.History;

/// <summary>
/// The store of the history, beside the outbox. Rows that belong to a change of a call are written with that change (<see cref="IOutbox"/>). A row that cannot be
/// kept is dropped and counted, and never fails the change of a call. Reads see every row whose write has ended.
/// </summary>
public interface IHistoryStore
{
    /// <summary>The number of rows that this process could not keep since its start.</summary>
    long DroppedRows { get; }

    /// <summary>The size of the history in bytes, as of the last <see cref="TrimHistoryAsync"/>; 0 before.</summary>
    long HistoryBytes { get; }

    /// <summary>Stores rows with the next group of the outbox.</summary>
    ValueTask<WriteResult> RecordAsync(params IReadOnlyList<HistoryRow> rows);

    /// <summary>Stores a note with the next group of the outbox.</summary>
    ValueTask<WriteResult> NoteAsync(string workspace, HistoryNote note);

    /// <summary>The notes of a workspace that are kept, in no particular order.</summary>
    ValueTask<IReadOnlyList<HistoryNote>> ReadNotesAsync(string workspace, CancellationToken cancellation = default);

    /// <summary>Searches a part of the history, the newest row first. A part is small enough to be searched in a fraction of a second.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="filter">Selects the rows.</param>
    /// <param name="before">From <see cref="HistoryPage.Next"/>; null for the first page.</param>
    /// <param name="limit">The maximum number of rows.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<HistoryPage> SearchHistoryAsync(string workspace, HistoryFilter filter, long? before, int limit, CancellationToken cancellation = default);

    /// <summary>What the proof needs of rows, the latest end first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="first">The lowest id.</param>
    /// <param name="before">Only lower ids are read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<ProofPage> ReadProofRowsAsync(string workspace, long first, long before, CancellationToken cancellation = default);

    /// <summary>The ordering key of a customer by its number in the store; null if there is none.</summary>
    ValueTask<string?> FindCustomerKeyAsync(string workspace, long customer, CancellationToken cancellation = default);

    /// <summary>
    /// Removes from rows what tells of a customer: the customer, the call, the event, the import, the error. That a request was made stays, so the limits can
    /// still be proved.
    /// </summary>
    /// <param name="customer">The customer.</param>
    /// <param name="limit">The maximum number of rows that one call changes.</param>
    /// <returns>The number of changed rows; less than the limit if there are no more.</returns>
    /// <exception cref="IOException">The store cannot be written now.</exception>
    ValueTask<int> EraseHistoryAsync(CustomerAddress customer, int limit);

    /// <summary>Makes room for coming rows where the store needs that, and deletes a slice of rows that are too old or too many.</summary>
    /// <param name="now">The time.</param>
    /// <param name="keep">How long rows are kept.</param>
    /// <param name="maxBytes">The maximum size of the history, in bytes.</param>
    /// <returns>Whether there may be more to delete.</returns>
    /// <exception cref="IOException">The store cannot be written now.</exception>
    ValueTask<bool> TrimHistoryAsync(DateTimeOffset now, TimeSpan keep, long maxBytes);
}

/// <summary>A part of the history for the proof.</summary>
/// <param name="Rows">The latest end first.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
public sealed record ProofPage(IReadOnlyList<ProofRow> Rows, long? Next);
