using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Postgres.Outbox.Writes;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// The history, in partitions by day. The partitions of the coming days are made ahead. There is no default partition: rows in it would make the partition of
/// their day impossible later.
/// </summary>
public sealed partial class PostgresOutbox
{
    /// <summary>Partitions are made for today and as many days after it, so that a database that is away for a day loses nothing.</summary>
    private const int DaysAhead = 3;

    /// <summary>The maximum number of rows that one statement deletes.</summary>
    private const int TrimSlice = 5_000;

    /// <summary>What a row takes on the disk with its indexes, in bytes, as measured.</summary>
    private const long BytesOfRow = 260;

    /// <summary>What the row of a body takes besides the body.</summary>
    private const long BytesOfBody = 100;

    private long _historyBytes;

    /// <inheritdoc/>
    public long DroppedRows => _dropped.Total;

    /// <inheritdoc/>
    public long HistoryBytes => Volatile.Read(ref _historyBytes);

    /// <inheritdoc/>
    public ValueTask<WriteResult> RecordAsync(params IReadOnlyList<HistoryRow> rows) => Post(
        Writers[0],
        (PendingWrite.RowSize * rows.Count) + BodySize(rows),
        customers => Want(customers, rows),
        batch =>
        {
            foreach (var row in rows)
            {
                batch.Record(row, isEndOfCall: false);
            }
        });

    /// <inheritdoc/>
    public ValueTask<WriteResult> NoteAsync(string workspace, HistoryNote note) => Post(workspace, batch => batch.Note(workspace, note));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryNote>> ReadNotesAsync(string workspace, CancellationToken cancellation = default) =>
        new(_history.ReadNotesAsync(workspace, cancellation));

    /// <inheritdoc/>
    public ValueTask<HistoryPage> SearchHistoryAsync(string workspace, HistoryFilter filter, long? before, int limit, CancellationToken cancellation = default) =>
        new(_history.SearchAsync(workspace, filter, before, limit, cancellation));

    /// <inheritdoc/>
    public ValueTask<ProofPage> ReadProofRowsAsync(string workspace, long first, long before, CancellationToken cancellation = default) =>
        new(_history.ReadProofAsync(workspace, first, before, cancellation));

    /// <inheritdoc/>
    public ValueTask<string?> FindCustomerKeyAsync(string workspace, long customer, CancellationToken cancellation = default) =>
        new(_history.FindKeyAsync(customer, cancellation));

    /// <inheritdoc/>
    public async ValueTask<int> EraseHistoryAsync(CustomerAddress customer, int limit)
    {
        var page = await _history.SearchAsync(customer.Workspace, new HistoryFilter { Customer = customer.Customer }, before: null, limit, CancellationToken.None).ConfigureAwait(false);
        if (page.Rows.Count == 0)
        {
            return 0;
        }

        long[] ids = [.. page.Rows.Select(row => row.Id)];
        var written = await Post(
            Writers[0], PendingWrite.RowSize * ids.Length, customers => customers.Want(customer), batch => batch.Erase(customer, ids)).ConfigureAwait(false);
        return written is WriteResult.Unavailable(var reason) ? throw new IOException(reason) : ids.Length;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TrimHistoryAsync(DateTimeOffset now, TimeSpan keep, long maxBytes)
    {
        try
        {
            await PrepareHistoryAsync(now, keep).ConfigureAwait(false);
            if (_dropped.Take(HistoryId.Microseconds(now)) is { } note)
            {
                await Post(batch => batch.Note(null, note)).ConfigureAwait(false);
            }

            return await TrimAsync(now, keep, maxBytes).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            throw new IOException(PostgresFailure.Reason(exception), exception);
        }
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

    private static void Want(CustomerIds customers, IReadOnlyList<HistoryRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Customer is { } customer)
            {
                customers.Want(new CustomerAddress(row.Workspace, customer));
            }
            else
            {
                customers.Want(row.Workspace);
            }
        }
    }

    private async Task<bool> TrimAsync(DateTimeOffset now, TimeSpan keep, long maxBytes)
    {
        var today = DayOf(now);
        var (size, oldest, used) = await ReadAsync(
            $"""
            with live as (
                select i.inhparent, sum(s.n_live_tup) as rows from pg_inherits i join pg_stat_all_tables s on s.relid = i.inhrelid
                where i.inhparent in ('history'::regclass, 'history_bodies'::regclass) group by i.inhparent
            ), newest as (
                select coalesce(octet_length(request), 0) + coalesce(octet_length(answer), 0) as size from history_bodies order by id desc limit 1000
            )
            select history_size(), coalesce((select min(day) from history_days), 2147483647), coalesce(sum(rows * case inhparent
                when 'history'::regclass then {BytesOfRow}
                else {BytesOfBody} + coalesce((select avg(size) from newest), 0) end), 0)::bigint from live
            """,
            row => (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2))).ConfigureAwait(false);

        Volatile.Write(ref _historyBytes, size);

        // A partition is dropped once its last row is too old. Of yesterday's and today's only rows are deleted: they may still get new ones.
        if (oldest < DayOf(now - keep) || (size > maxBytes && oldest < today - 1))
        {
            await ReadAsync($"select history_drop({oldest})", _ => 0).ConfigureAwait(false);
            await ReadAsync(
                """
                with gone as (delete from history_notes o where at < $1 and exists (
                    select from history_notes l where l.workspace_id = o.workspace_id and l.kind = o.kind and l.id > o.id))
                select 1
                """,
                _ => 0,
                HistoryId.Microseconds(now - keep)).ConfigureAwait(false);
            return true;
        }

        // Deleted rows leave their room to later ones, so the size of the tables alone would never be small enough.
        if (size <= maxBytes || used <= maxBytes)
        {
            return false;
        }

        await ReadAsync(
            $"""
            with old as (
                select id from history order by id limit {TrimSlice}
            ), gone as (
                delete from history where id in (select id from old)
            ), bodies as (
                delete from history_bodies where id in (select id from old)
            )
            update history_state set deleted_before = greatest(deleted_before, (select max(id) + 1 from old)) returning 1
            """,
            _ => 0).ConfigureAwait(false);
        return true;
    }

    private async Task TryPrepareHistoryAsync()
    {
        try
        {
            await PrepareHistoryAsync(_time.GetUtcNow(), TimeSpan.FromDays(1)).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            Log.NoPartitions(_logger, _database, PostgresFailure.Reason(exception), exception);
        }
    }

    private Task<int> PrepareHistoryAsync(DateTimeOffset now, TimeSpan keep)
    {
        // Rows of yesterday may still come in, unless they would be too old.
        var today = DayOf(now);
        return ReadAsync($"select history_prepare({Math.Max(today - 1, DayOf(now - keep))}, {today + DaysAhead})", row => row.GetInt32(0));
    }

    private async Task<T> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, long? parameter = null)
    {
        var command = _writerSource.CreateCommand(sql);
        await using (command.ConfigureAwait(false))
        {
            if (parameter is { } value)
            {
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint });
            }

            var rows = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                await rows.ReadAsync().ConfigureAwait(false);
                return read(rows);
            }
        }
    }

    private static int DayOf(DateTimeOffset time) => (int)(HistoryId.FirstAt(time) / HistoryId.OfDay);
}
