using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Sqlite.History;
using CioOrleans.Sqlite.Outbox.Writes;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>The history, in the same file: files that are attached do not commit atomically together with a write-ahead log.</summary>
public sealed partial class SqliteOutbox
{
    /// <summary>The maximum number of rows that one group deletes.</summary>
    private const int TrimSlice = 1_000;

    private (long Rows, long Bytes)? _atStart;
    private long _historyBytes;

    /// <inheritdoc/>
    public long DroppedRows => _tally.Dropped;

    /// <inheritdoc/>
    public long HistoryBytes => Volatile.Read(ref _historyBytes);

    /// <inheritdoc/>
    public ValueTask<WriteResult> RecordAsync(params IReadOnlyList<HistoryRow> rows) => Post(
        session =>
        {
            foreach (var row in rows)
            {
                session.Record(row);
            }
        },
        (PendingWrite.RowSize * rows.Count) + BodySize(rows));

    /// <inheritdoc/>
    public ValueTask<WriteResult> NoteAsync(string workspace, HistoryNote note) => Post(session => session.Note(workspace, note));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryNote>> ReadNotesAsync(string workspace, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadNotes(workspace), cancellation);

    /// <inheritdoc/>
    public ValueTask<HistoryPage> SearchHistoryAsync(string workspace, HistoryFilter filter, long? before, int limit, CancellationToken cancellation = default) =>
        Long(reader => reader.SearchHistory(workspace, filter, before, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<ProofPage> ReadProofRowsAsync(string workspace, long first, long before, CancellationToken cancellation = default) =>
        Long(reader => reader.ReadProof(workspace, first, before), cancellation);

    /// <inheritdoc/>
    public ValueTask<string?> FindCustomerKeyAsync(string workspace, long customer, CancellationToken cancellation = default) =>
        new(Readers.Read(reader => reader.History.CustomerKey(customer)));

    /// <inheritdoc/>
    public async ValueTask<int> EraseHistoryAsync(CustomerAddress customer, int limit)
    {
        var (number, ids) = await Long(reader => reader.FindHistory(customer, limit), CancellationToken.None).ConfigureAwait(false);
        if (ids.Count > 0)
        {
            await WriteAsync(session => ids.Sum(id => session.History.Erase(id, number)), PendingWrite.RowSize * ids.Count).ConfigureAwait(false);
        }

        return ids.Count;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TrimHistoryAsync(DateTimeOffset now, TimeSpan keep, long maxBytes)
    {
        // Counting reads the whole table, once in the life of the process.
        _atStart ??= await Long(reader => reader.History.Measure() is var (all, size) ? (all - _tally.Rows, size - _tally.Bytes) : default, CancellationToken.None).ConfigureAwait(false);
        var (rows, bytes) = (Math.Max(1, _tally.Rows + _atStart.Value.Rows), _tally.Bytes + _atStart.Value.Bytes);
        Volatile.Write(ref _historyBytes, bytes);
        var perRow = Math.Max(HistoryWriter.BytesOfRow, bytes / rows);
        var (before, excess) = (now - keep, bytes <= maxBytes ? 0 : (bytes - maxBytes + perRow - 1) / perRow);
        return await WriteAsync(session =>
        {
            var deleted = session.History.Trim(HistoryId.FirstAt(before), excess, TrimSlice);
            if (deleted < TrimSlice)
            {
                session.History.TrimNotes(HistoryId.Microseconds(before));
            }

            return deleted;
        }).ConfigureAwait(false) == TrimSlice;
    }

    private static int BodySize(IReadOnlyList<HistoryRow> rows)
    {
        var size = 0;
        foreach (var row in rows)
        {
            size += row.Body?.StoredSize ?? 0;
        }

        return size;
    }

    private async ValueTask<int> WriteAsync(Func<WriterSession, int> change, int size = PendingWrite.RowSize)
    {
        var result = 0;
        var written = await Post(session => { result = change(session); }, size).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : result;
    }
}
