using CioOrleans.Grains.History;
using CioOrleans.History;
using CioOrleans.Limits;
using CioOrleans.Sqlite.Outbox;

namespace CioOrleans.Sqlite.History;

/// <summary>The reads of the history on one connection.</summary>
internal sealed class HistoryReader
{
    /// <summary>The maximum number of rows that one page of a search looks at.</summary>
    private const int MaxScanned = 20_000;

    /// <summary>The maximum number of stretches of time that one page of a search looks into: more than a week.</summary>
    private const int MaxStretches = 4_000;

    private const int ProofPageRows = 20_000;

    private readonly Dictionary<long, string> _silos = [];
    private readonly Statement _byTime;
    private readonly Statement _byFailure;
    private readonly Statement _byCall;
    private readonly Statement _byCustomer;
    private readonly Statement _byEvent;
    private readonly Statement _stretchesOfCustomer;
    private readonly Statement _stretchesOfEvent;
    private readonly Statement _proof;
    private readonly Statement _notes;
    private readonly Statement _customerKey;
    private readonly Statement _silo;
    private readonly Statement _count;
    private readonly Statement _bodyBytes;
    private readonly Statement _body;
    private readonly Statement _oldest;
    private readonly Statement _newest;
    private readonly Statement _deletedBefore;

    /// <param name="prepare">Prepares a statement of the session.</param>
    public HistoryReader(Func<string, Statement> prepare)
    {
        const string select = $"select {HistoryColumns.Names} from history";
        const string end = "and id < ? and id >= ? order by id desc";
        _byTime = prepare($"{select} where workspace_id = +? {end}");
        _byFailure = prepare($"{select} indexed by history_by_failure where result <> 0 and workspace_id = ? {end}");
        _byCall = prepare($"{select} indexed by history_by_call where call_id is not null and substr(call_id, 1, 8) = substr(?, 1, 8) {end}");
        _byCustomer = prepare($"{select} indexed by history_by_customer where customer_id <> 0 and (((id >> 41) << 32) | customer_id) = ? {end}");
        _byEvent = prepare($"{select} indexed by history_by_event where event_key is not null and (((id >> 41) << 32) | (event_key & 4294967295)) = ? {end}");

        // SQLite looks into thousands of stretches for the price of some dozens of statements.
        const string stretches = "with recursive stretches (n) as (select ? union all select n - 1 from stretches where n > ?) select n from stretches where exists";
        _stretchesOfCustomer = prepare(
            $"""
            {stretches} (
                select 1 from history indexed by history_by_customer where customer_id <> 0 and (((id >> 41) << 32) | customer_id) = ((n << 32) | ?))
            """);
        _stretchesOfEvent = prepare(
            $"""
            {stretches} (
                select 1 from history indexed by history_by_event
                where event_key is not null and (((id >> 41) << 32) | (event_key & 4294967295)) in ((n << 32) | ?, (n << 32) | ?, (n << 32) | ?))
            """);
        _proof = prepare(
            """
            select id, lasted, "precision", epoch, permit, limit_class, customer_id, seq, result from history
            where +workspace_id = ? and id >= ? and id < ? order by id desc limit ?
            """);
        _notes = prepare("select note from history_notes where workspace_id in (0, ?)");
        _customerKey = prepare("select key from customers where id = ?");
        _silo = prepare("select name from history_silos where id = ?");
        _count = prepare("select count(*) from history");
        _bodyBytes = prepare($"select {HistoryWriter.BodyBytes} from history_bodies");
        _body = prepare("select request, answer, size from history_bodies where id = ?");
        _oldest = prepare("select id from history order by id limit 1");
        _newest = prepare("select id from history order by id desc limit 1");
        _deletedBefore = prepare("select deleted_before from history_state");
    }

    /// <summary>The number of rows, and what they and their bodies take on the disk.</summary>
    public (long Rows, long Bytes) Measure() => (_count.Number() ?? 0) is var rows ? (rows, (rows * HistoryWriter.BytesOfRow) + (_bodyBytes.Number() ?? 0)) : default;

    /// <summary>The lowest id; null if there is no row.</summary>
    public long? OldestId() => _oldest.Number();

    private long NewestId() => _newest.Number() ?? 0;

    /// <summary>The ids of a customer's rows, the newest first.</summary>
    public IReadOnlyList<long> FindIds(long customer, int limit)
    {
        var search = new SearchPage(this, "", new HistoryFilter(), limit);
        search.InStretches(_byCustomer, _stretchesOfCustomer, [customer], row => row.Int64(HistoryColumns.Customer) == customer, long.MaxValue, 0, isComplete: true);
        return search.Ids;
    }

    public HistoryPage Search(string workspaceName, long workspace, long? customer, HistoryFilter filter, long? before, int limit)
    {
        var first = filter.From is { } from ? HistoryId.FirstAt(from) : 0;
        var end = Math.Min(before ?? long.MaxValue, filter.To is { } to ? HistoryId.FirstAt(to) : long.MaxValue);
        var search = new SearchPage(this, workspaceName, filter, limit);
        bool IsMeant(Statement row) => row.Int64(HistoryColumns.Workspace) == workspace && (customer is null || row.Int64(HistoryColumns.Customer) == customer)
            && (filter.CallId is not { } call || HistoryColumns.IdOf(row, HistoryColumns.CallId) == call);

        var next = filter switch
        {
            { CallId: { } call } => search.In(_byCall.Bind(call), IsMeant, end, first),
            { EventId: not null } => InEvents(search, filter.EventKeys, IsMeant, end, first),
            _ when customer is { } id => search.InStretches(_byCustomer, _stretchesOfCustomer, [id], IsMeant, end, first),
            { Status: { } status } when status.IsFailure() => search.In(_byFailure.Bind(workspace), IsMeant, end, first),
            _ => search.In(_byTime.Bind(workspace), IsMeant, end, first),
        };
        return new HistoryPage([.. search.Rows.OrderByDescending(row => row.Id)], next);
    }

    public ProofPage ReadProof(long workspace, long first, long before)
    {
        var rows = new List<ProofRow>(ProofPageRows);
        long last = 0;
        _proof.Bind(workspace).Bind(first).Bind(before).Bind(ProofPageRows);
        while (_proof.Step())
        {
            last = _proof.Int64(0);
            var ended = HistoryId.TimeOf(last);
            rows.Add(new ProofRow(
                _proof.IsNull(1) ? null : ended - _proof.Int64(1), ended, _proof.Int64(2), _proof.Int64(3), _proof.Int64(4), (LimitClass)_proof.Int32(5),
                _proof.Int64(6), _proof.Int64(7), (HistoryResult)_proof.Int32(8)));
        }

        return new ProofPage(rows, rows.Count == ProofPageRows ? last : null);
    }

    public IReadOnlyList<HistoryNote> ReadNotes(long? workspace)
    {
        List<HistoryNote> notes = [];
        _notes.Bind(workspace ?? HistoryWriter.AllWorkspaces);
        while (_notes.Step())
        {
            if (HistoryNoteText.Read(_notes.Text(0)) is { } note)
            {
                notes.Add(note);
            }
        }

        if (_deletedBefore.Number() is > 0 and var deleted)
        {
            notes.Add(new HistoryNote.RowsDeleted(HistoryId.TimeOf(deleted)));
        }

        return notes;
    }

    public string? CustomerKey(long customer)
    {
        if (customer == 0 || !_customerKey.Bind(customer).Step())
        {
            return null;
        }

        var key = _customerKey.Text(0);
        _customerKey.Reset();
        return key;
    }

    private long? InEvents(SearchPage search, IReadOnlyList<long> keys, Func<Statement, bool> isMeant, long end, long first) =>
        search.InStretches(
            _byEvent,
            _stretchesOfEvent,
            [.. keys.Select(key => key & uint.MaxValue)],
            row => isMeant(row) && keys.Contains(row.Int64(HistoryColumns.EventKey)),
            end,
            first);

    private HistoryBody? Body(long id)
    {
        if (!_body.Bind(id).Step())
        {
            return null;
        }

        var body = new HistoryBody(_body.IsNull(0) ? null : _body.Bytes(0), _body.IsNull(1) ? null : _body.Bytes(1), _body.Int32(2));
        _body.Reset();
        return body;
    }

    private string Silo(long id)
    {
        if (!_silos.TryGetValue(id, out var name))
        {
            _silo.Bind(id).Step();
            name = _silo.Text(0);
            _silo.Reset();
            _silos.Add(id, name);
        }

        return name;
    }

    /// <summary>One page of a search.</summary>
    private sealed class SearchPage(HistoryReader reader, string workspace, HistoryFilter filter, int limit)
    {
        private int _scanned;
        private int _bodies;

        public List<HistoryRow> Rows { get; } = [];

        public List<long> Ids { get; } = [];

        private bool IsFull => Rows.Count >= limit || Ids.Count >= limit || _bodies >= HistoryFilter.PageBytes;

        /// <summary>Reads the rows of a statement whose first parameters are bound. Returns where the next page begins; null if this is the last.</summary>
        public long? In(Statement statement, Func<Statement, bool> isMeant, long end, long first, bool keepsIds = false, bool isUnbounded = false)
        {
            statement.Bind(end).Bind(first);
            while (statement.Step())
            {
                var id = statement.Int64(HistoryColumns.Id);
                if (isMeant(statement) && filter.Matches(
                    (HistoryResult)statement.Int32(HistoryColumns.Result), statement.Int32(HistoryColumns.Status), HistoryColumns.KindOf(statement), HistoryColumns.IdOf(statement, HistoryColumns.Import)))
                {
                    if (keepsIds)
                    {
                        Ids.Add(id);
                    }
                    else
                    {
                        var row = statement.ReadRow(workspace, reader.CustomerKey, reader.Silo);
                        if (filter.WithBodies && reader.Body(id) is { } body)
                        {
                            row = row with { Body = body };
                            _bodies += body.Size;
                        }

                        Rows.Add(row);
                    }
                }

                if (!isUnbounded && (IsFull || ++_scanned >= MaxScanned))
                {
                    statement.Reset();
                    return id;
                }
            }

            return null;
        }

        /// <summary>Looks into each stretch of time, the newest first.</summary>
        /// <param name="statement">Its first parameter is a key of the index.</param>
        /// <param name="stretches">Finds the stretches that have a row. Its parameters are the newest stretch, the oldest one, and the keys.</param>
        /// <param name="keys">The lower halves of the index's keys.</param>
        /// <param name="isMeant">Whether a row is meant that the index has found.</param>
        /// <param name="end">Only lower ids.</param>
        /// <param name="first">The lowest id.</param>
        /// <param name="isComplete">Whether only ids are wanted, of all stretches.</param>
        public long? InStretches(
            Statement statement, Statement stretches, IReadOnlyList<long> keys, Func<Statement, bool> isMeant, long end, long first, bool isComplete = false)
        {
            end = Math.Min(end, reader.NewestId() + 1);
            first = Math.Max(first, reader.OldestId() ?? 0);
            if (end <= first)
            {
                return null;
            }

            var (newest, oldest) = ((end - 1) >> HistoryId.StretchBits, first >> HistoryId.StretchBits);
            var last = isComplete ? oldest : Math.Max(oldest, newest - MaxStretches + 1);
            stretches.Bind(newest).Bind(last);
            foreach (var key in keys)
            {
                stretches.Bind(key);
            }

            while (stretches.Step())
            {
                var stretch = stretches.Int64(0);

                // With several keys a page ends with a whole stretch.
                long? next = null;
                foreach (var key in keys)
                {
                    next = In(statement.Bind((stretch << 32) | key), isMeant, end, first, isComplete, isUnbounded: keys.Count > 1) ?? next;
                }

                if (IsFull || (next is not null && !isComplete))
                {
                    stretches.Reset();
                    return keys.Count == 1 ? next : stretch << HistoryId.StretchBits;
                }
            }

            return last > oldest ? last << HistoryId.StretchBits : null;
        }
    }
}
