using CioOrleans.Grains.History;
using CioOrleans.History;
using CioOrleans.Sqlite.Outbox;

namespace CioOrleans.Sqlite.History;

/// <summary>The writer's statements on the tables of the history. Used within the transactions of a <see cref="WriterSession"/>.</summary>
internal sealed class HistoryWriter
{
    /// <summary>Notes that concern all workspaces.</summary>
    public const long AllWorkspaces = 0;

    /// <summary>What a row takes on the disk with its indexes, in bytes, as measured.</summary>
    public const long BytesOfRow = 200;

    /// <summary>What the row of a body takes besides the body.</summary>
    public const long BytesOfBody = 24;

    /// <summary>What bodies take on the disk. SQLite reads no body for its length.</summary>
    public static readonly string BodyBytes = $"count(*) * {BytesOfBody} + coalesce(sum(coalesce(length(request), 0) + coalesce(length(answer), 0)), 0)";

    private readonly HistoryTally _tally;
    private readonly Dictionary<string, long> _silos = new(StringComparer.Ordinal);
    private readonly Statement _add;
    private readonly Statement _addBody;
    private readonly Statement _eraseBody;
    private readonly Statement _bodyBytes;
    private readonly Statement _deleteBodies;
    private readonly Statement _findSilo;
    private readonly Statement _addSilo;
    private readonly Statement _addNote;
    private readonly Statement _endGap;
    private readonly Statement _erase;
    private readonly Statement _bounds;
    private readonly Statement _nth;
    private readonly Statement _delete;
    private readonly Statement _deletedBefore;
    private readonly Statement _deleteNotes;

    /// <param name="prepare">Prepares a statement of the session.</param>
    /// <param name="tally">Counts rows.</param>
    public HistoryWriter(Func<string, Statement> prepare, HistoryTally tally)
    {
        _tally = tally;

        // The same row comes again when the write of its call is repeated.
        _add = prepare($"insert or ignore into history ({HistoryColumns.Names}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _addBody = prepare("insert or ignore into history_bodies (id, request, answer, size) values (?, ?, ?, ?)");
        _eraseBody = prepare("delete from history_bodies where id = ?");
        _bodyBytes = prepare($"select {BodyBytes} from history_bodies where id < ?");
        _deleteBodies = prepare("delete from history_bodies where id < ?");
        _findSilo = prepare("select id from history_silos where name = ?");
        _addSilo = prepare("insert into history_silos (name) values (?) returning id");
        _addNote = prepare("insert into history_notes (workspace_id, kind, note) values (?, ?, ?)");
        _endGap = prepare("update history_notes set note = ? where id = (select max(id) from history_notes where workspace_id = ? and kind = ?)");
        _erase = prepare(
            """
            update history set customer_id = 0, seq = 0, kind = null, accepted_at = 0, event_key = null, call_id = null, import_id = null, reason = null,
                trace_id = null
            where id = ? and customer_id = ?
            """);
        _bounds = prepare("select (select count(*) from (select 1 from history limit 1)), coalesce((select min(id) from history), 0)");
        _nth = prepare("select id from history order by id limit 1 offset ?");
        _delete = prepare("delete from history where id < ?");
        _deletedBefore = prepare("update history_state set deleted_before = max(deleted_before, ?)");
        _deleteNotes = prepare(
            """
            delete from history_notes where id in (
                select old.id from history_notes old join history_notes later
                    on later.workspace_id = old.workspace_id and later.kind = old.kind and later.id > old.id
                where cast(later.note ->> 'at' as integer) < ?)
            """);
    }

    /// <summary>Whether there is room for rows. Set by the writer before each group.</summary>
    public bool HasRoom { get; set; } = true;

    /// <summary>Stores a row, or counts it as dropped.</summary>
    public void Add(HistoryRow row, long workspaceId, long customerId)
    {
        if (!HasRoom)
        {
            Drop(row);
            return;
        }

        if (_tally.Count > 0)
        {
            EndGap(row);
        }

        _add.Bind(row.Id).Bind(workspaceId).Bind(customerId).Bind(row.Sequence).Bind((long)row.LimitClass).Bind((long)row.Result)
            .Bind(row.Ended - row.Sent).Bind(row.Precision).Bind(row.Epoch).Bind(row.Permit).Bind(row.Attempt).Bind(row.Status).Bind((long?)row.Kind)
            .Bind(Silo(row.Silo)).Bind(row.AcceptedAt).Bind(row.EventKey).BindId(row.CallId).BindId(row.Import).Bind(row.Reason)
            .BindBlob(row.TraceId is { } trace ? Convert.FromHexString(trace) : null).Execute();
        _tally.OnStored(1, BytesOfRow);
        if (row.Body is { } body)
        {
            _addBody.Bind(row.Id).BindBlob(body.Request).BindBlob(body.Answer).Bind(body.Size).Execute();
            _tally.OnStored(0, BytesOfBody + body.StoredSize);
        }
    }

    public void Note(long workspaceId, HistoryNote note) =>
        _addNote.Bind(workspaceId).Bind(HistoryNoteText.KindOf(note)).Bind(HistoryNoteText.Write(note)).Execute();

    /// <summary>Removes what tells of the customer from a row.</summary>
    public int Erase(long id, long customerId)
    {
        var erased = _erase.Bind(id).Bind(customerId).Execute();
        if (erased > 0)
        {
            _eraseBody.Bind(id).Execute();
        }

        return erased;
    }

    /// <summary>Deletes the oldest rows, a slice of them.</summary>
    /// <param name="before">Rows with lower ids are deleted.</param>
    /// <param name="excess">How many more of the oldest rows are deleted, whatever their ids.</param>
    /// <param name="limit">The maximum number of rows to delete.</param>
    /// <returns>The number of deleted rows.</returns>
    public int Trim(long before, long excess, int limit)
    {
        _bounds.Step();
        var (isAny, oldest) = (_bounds.Int64(0) > 0, _bounds.Int64(1));
        _bounds.Reset();
        if (!isAny || (oldest >= before && excess <= 0))
        {
            return 0;
        }

        var end = Nth(limit) ?? long.MaxValue;
        if (excess < limit)
        {
            end = Math.Min(end, Math.Max(before, excess > 0 ? Nth(excess) ?? long.MaxValue : 0));
        }

        var bodies = _bodyBytes.Bind(end).Number() ?? 0;
        _deleteBodies.Bind(end).Execute();
        var deleted = _delete.Bind(end).Execute();
        if (deleted > 0)
        {
            _tally.OnStored(-deleted, -(deleted * BytesOfRow) - bodies);
            _deletedBefore.Bind(end == long.MaxValue ? before : end).Execute();
        }

        return deleted;
    }

    /// <summary>Deletes old notes, except for the last of each kind.</summary>
    /// <param name="before">Notes of earlier times are deleted, in microseconds since 1970.</param>
    public void TrimNotes(long before) => _deleteNotes.Bind(before).Execute();

    private void Drop(HistoryRow row)
    {
        _tally.OnDropped(row);
        if (!_tally.IsNoted)
        {
            // At once, because the process may end before rows are stored again. The note takes some bytes of a page that is written anyway.
            _tally.IsNoted = true;
            Note(AllWorkspaces, new HistoryNote.RowsDropped(HistoryId.Microseconds(DateTimeOffset.MaxValue), _tally.From, 0));
        }
    }

    private void EndGap(HistoryRow row) =>
        _endGap.Bind(HistoryNoteText.Write(_tally.Take(row.Sent ?? row.Ended))).Bind(AllWorkspaces).Bind(nameof(HistoryNote.RowsDropped)).Execute();

    private long? Nth(long offset)
    {
        if (!_nth.Bind(offset).Step())
        {
            return null;
        }

        var id = _nth.Int64(0);
        _nth.Reset();
        return id;
    }

    private long Silo(string name)
    {
        if (!_silos.TryGetValue(name, out var id))
        {
            id = _findSilo.Bind(name).Number() ?? _addSilo.Bind(name).InsertedNumber()!.Value;
            _silos.Add(name, id);
        }

        return id;
    }
}
