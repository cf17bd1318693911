using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Sqlite.History;
using Microsoft.Data.Sqlite;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// The only connection that writes, with all changes that it can make. Its cache of customers includes changes that are not committed, so the session is
/// discarded after a roll-back.
/// </summary>
internal sealed partial class WriterSession : IDisposable
{
    private const int CacheKilobytes = 8_192;
    private const int PositionBlock = 100_000;
    private const int CustomerGeneration = 65_536;

    private readonly SqliteConnection _connection;
    private readonly CustomerCache _customers = new(CustomerGeneration);
    private readonly Dictionary<string, long> _workspaces = new(StringComparer.Ordinal);
    private readonly List<Statement> _statements = [];

    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _findWorkspace;
    private readonly Statement _addWorkspace;
    private readonly Statement _findCustomer;
    private readonly Statement _addCustomer;
    private readonly Statement _setDone;
    private readonly Statement _append;
    private readonly Statement _deleteCall;
    private readonly Statement _findQueued;
    private readonly Statement _enqueue;
    private readonly Statement _dequeue;
    private readonly Statement _postpone;
    private readonly Statement _beginSend;
    private readonly Statement _makeDeadLetter;
    private readonly Statement _exhume;
    private readonly Statement _pause;
    private readonly Statement _storeImport;
    private readonly Statement _storeSendResult;
    private readonly Statement _forgetSendResult;
    private readonly Statement _forgetSendResults;
    private readonly Statement _forgetImports;
    private readonly Statement _addSecret;
    private readonly Statement _bindSendKey;
    private readonly Statement _endSendKey;
    private readonly Statement _reopenSendKey;
    private readonly Statement _forgetSendKeys;
    private readonly Statement _storeAudit;
    private readonly Statement _forgetAudit;
    private readonly Statement _readLease;
    private readonly Statement _takeLease;
    private readonly Statement _releaseLease;
    private readonly Statement _reservePositions;
    private readonly Statement _queuedUntil;

    private readonly Statement _pageCount;
    private readonly Statement _freePages;

    private readonly RecentFolder _folder;
    private long _reservedUntil;

    public WriterSession(SqliteFile file, HistoryTally tally)
    {
        _connection = file.Open(CacheKilobytes);
        _folder = new RecentFolder(this);
        _pageCount = Prepare("pragma page_count");
        _freePages = Prepare("pragma freelist_count");
        using (var pageSize = new Statement(Handle, "pragma page_size"))
        {
            PageSize = pageSize.Number()!.Value;
        }

        using (var autoVacuum = new Statement(Handle, "pragma auto_vacuum"))
        {
            GivesSpaceBack = autoVacuum.Number()!.Value == SqliteFile.IncrementalVacuum;
        }

        _begin = Prepare("begin immediate");
        _commit = Prepare("commit");
        _findWorkspace = Prepare("select id from workspaces where name = ?");
        _addWorkspace = Prepare("insert into workspaces (name) values (?) returning id");
        _findCustomer = Prepare(
            """
            select c.id, max(c.done_seq, coalesce((select max(seq) from queues where workspace_id = c.workspace_id and customer_id = c.id), 0))
            from customers c where c.workspace_id = ? and c.key = ?
            """);
        _addCustomer = Prepare("insert into customers (workspace_id, key) values (?, ?) returning id");
        _setDone = Prepare("update customers set done_seq = ? where id = ?");
        _append = Prepare(
            $"insert into calls (position, workspace_id, customer_id, seq, {CallColumns.Names}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _deleteCall = Prepare("delete from calls where position = ?");
        _enqueue = Prepare("insert into queues (workspace_id, customer_id, seq, position, limit_class, priority) values (?, ?, ?, ?, ?, ?)");
        _findQueued = Prepare(
            """
            select q.position from queues q join calls c on c.position = q.position
            where q.workspace_id = ? and q.customer_id = ? and q.seq = ? and c.call_id = ?
            """);
        _dequeue = Prepare("delete from queues where workspace_id = ? and customer_id = ? and seq = ?");
        _postpone = Prepare(
            "update queues set attempts = ?, not_before = ?, last_error = ?, send_attempt = iif(send_attempt = ?, null, send_attempt) where workspace_id = ? and customer_id = ? and seq = ?");
        _beginSend = Prepare(
            "update queues set send_attempt = ?1 where workspace_id = ?2 and customer_id = ?3 and seq = ?4 and (send_attempt is null or send_attempt = ?1)");

        // A merge and its barrier share an id. If both become dead letters, the merge is kept, because only a merge can be replayed.
        _makeDeadLetter = Prepare(
            $"""
            insert into dead_letters (workspace_id, customer, attempts, reason, died_at, outcome_unknown, status, cause, held_seq, {CallColumns.Names})
            select workspace_id, ?, ?, ?, ?, ?, ?, ?, ?, {CallColumns.Names} from calls where position = ?
            on conflict (workspace_id, call_id) do update set
                customer = excluded.customer, attempts = excluded.attempts, reason = excluded.reason, died_at = excluded.died_at,
                outcome_unknown = excluded.outcome_unknown, status = excluded.status, cause = excluded.cause, held_seq = excluded.held_seq,
                kind = excluded.kind, limit_class = excluded.limit_class, priority = excluded.priority, accepted_at = excluded.accepted_at,
                method = excluded.method, target = excluded.target, headers = excluded.headers, other_customer = excluded.other_customer,
                body = excluded.body
            where kind = {(int)CallKind.MergeBarrier}
            """);
        _exhume = Prepare("delete from dead_letters where workspace_id = ? and call_id = ?");
        _storeSendResult = Prepare(
            "insert into send_results (workspace_id, call_id, status, body, stored_at, content_type) values (?, ?, ?, ?, ?, ?) on conflict do nothing");
        _forgetSendResult = Prepare("delete from send_results where workspace_id = ? and call_id = ?");
        _forgetSendResults = Prepare(
            """
            delete from send_results where (workspace_id, call_id) in (
                select workspace_id, call_id from send_results where workspace_id = ? and stored_at < ? limit ?)
            """);
        _bindSendKey = Prepare(
            "insert into send_keys (workspace_id, name, call_id, content, customer) values (?, ?, ?, ?, ?) on conflict (workspace_id, name) do nothing");
        _endSendKey = Prepare("update send_keys set ended_at = ? where workspace_id = ? and call_id = ? and ended_at is null");
        _reopenSendKey = Prepare("update send_keys set ended_at = null where workspace_id = ? and call_id = ?");
        _forgetSendKeys = Prepare(
            """
            delete from send_keys where (workspace_id, name) in (
                select workspace_id, name from send_keys where workspace_id = ? and ended_at < ? limit ?)
            """);
        _storeAudit = Prepare("insert into audit values (?, ?, ?, ?, ?) on conflict (entry_id) do update set status = excluded.status");
        _forgetAudit = Prepare("delete from audit where entry_id < ?");
        _pause = Prepare("update workspaces set pause_reason = ? where id = ?");
        _storeImport = Prepare("insert into imports values (?, ?, ?) on conflict do update set state = excluded.state");
        _forgetImports = Prepare("delete from imports where workspace_id = ? and import_id < ? and import_id <> ?");
        _addSecret = Prepare("insert into secrets values (?, ?) on conflict do nothing");
        _readLease = Prepare("select lease_epoch, lease_released from workspaces where id = ?");
        _takeLease = Prepare("update workspaces set lease_epoch = ?, lease_released = 0 where id = ?");
        _releaseLease = Prepare("update workspaces set lease_released = 1 where id = ? and lease_epoch = ?");
        _reservePositions = Prepare("update progress set reserved_until = ?");
        _queuedUntil = Prepare("update progress set queued_until = ?");
        History = new HistoryWriter(Prepare, tally);

        using var progress = new Statement(Handle, "select reserved_until, queued_until from progress");
        progress.Step();
        LastPosition = _reservedUntil = progress.Int64(0);
        var queuedUntil = progress.Int64(1);
        progress.Reset();
        ReadRecent(queuedUntil);
    }

    /// <summary>The position of the newest row; no stored row has a higher one.</summary>
    public long LastPosition { get; private set; }

    /// <summary>The rows that are not in the table of queues.</summary>
    public RecentRows Recent { get; } = new();

    public HistoryWriter History { get; }

    private SQLitePCL.sqlite3 Handle => _connection.Handle!;

    public void Begin() => _begin.Execute();

    public void Commit()
    {
        Recent.CommitBegins();
        _commit.Execute();
        Recent.Committed();
    }

    public long LastSequence(CustomerAddress address) => Customer(address).LastSequence;

    public void Append(CustomerAddress address, long sequence, Call call)
    {
        var customer = Customer(address);
        var position = NextPosition();
        _append.Bind(position).Bind(customer.WorkspaceId).Bind(customer.Id).Bind(sequence).BindCall(call).Execute();
        Recent.Add(customer, sequence, position, call);
        customer.LastSequence = sequence;
    }

    /// <summary>Binds a key to a send. False if the key is bound already.</summary>
    public bool TryBind(CustomerAddress customer, Ulid callId, SendKey key) =>
        _bindSendKey.Bind(Workspace(customer.Workspace)).Bind(key.Name).Bind(callId).Bind(key.Content).Bind(customer.Customer).Execute() > 0;

    public void Remove(RowKey row)
    {
        var customer = Customer(row.Customer);
        if (Recent.Find(customer.Id) is { } queue && queue.Find(row.Sequence) is { } recent)
        {
            if (recent.CallId != row.CallId)
            {
                return;
            }

            _deleteCall.Bind(recent.Position).Execute();
            Recent.MarkGone(queue, recent);
        }
        else if (FindQueued(customer, row) is { } position)
        {
            _deleteCall.Bind(position).Execute();
            _dequeue.Bind(customer.WorkspaceId).Bind(customer.Id).Bind(row.Sequence).Execute();
        }
        else
        {
            return;
        }

        // The last sequence is stored only if this is the customer's last row. Otherwise a later row is the fence, and its sequence is stored when it is
        // removed.
        if (row.Sequence == customer.LastSequence)
        {
            _setDone.Bind(row.Sequence).Bind(customer.Id).Execute();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private Statement Prepare(string sql)
    {
        var statement = new Statement(Handle, sql);
        _statements.Add(statement);
        return statement;
    }

    private long? FindQueued(CachedCustomer customer, RowKey row)
    {
        if (!_findQueued.Bind(customer.WorkspaceId).Bind(customer.Id).Bind(row.Sequence).Bind(row.CallId).Step())
        {
            return null;
        }

        var position = _findQueued.Int64(0);
        _findQueued.Reset();
        return position;
    }

    private long NextPosition()
    {
        if (LastPosition == _reservedUntil)
        {
            _reservePositions.Bind(_reservedUntil + PositionBlock).Execute();
            _reservedUntil += PositionBlock;
        }

        return ++LastPosition;
    }

    private long Workspace(string name)
    {
        if (!_workspaces.TryGetValue(name, out var id))
        {
            id = _findWorkspace.Bind(name).Number() ?? _addWorkspace.Bind(name).InsertedNumber()!.Value;
            _workspaces.Add(name, id);
        }

        return id;
    }

    /// <summary>Stores a row of the history, or counts it as dropped; null for none.</summary>
    public void Record(HistoryRow? row)
    {
        if (row is not null)
        {
            History.Add(row, Workspace(row.Workspace), row.Customer is { } customer ? Customer(new CustomerAddress(row.Workspace, customer)).Id : 0);
        }
    }

    public void Note(string workspace, HistoryNote note) => History.Note(Workspace(workspace), note);

    public void ClearCache() => _customers.Clear();

    private CachedCustomer Customer(CustomerAddress address)
    {
        if (_customers.Find(address) is { } known)
        {
            return known;
        }

        var workspace = Workspace(address.Workspace);
        CachedCustomer entry;
        if (_findCustomer.Bind(workspace).Bind(address.Customer).Step())
        {
            var (id, last) = (_findCustomer.Int64(0), _findCustomer.Int64(1));
            _findCustomer.Reset();
            entry = new CachedCustomer(id, workspace, Recent.Find(id) is { } queue ? Math.Max(last, queue.Rows[^1].Sequence) : last);
        }
        else
        {
            entry = new CachedCustomer(_addCustomer.Bind(workspace).Bind(address.Customer).InsertedNumber()!.Value, workspace, 0);
        }

        _customers.Add(address, entry);
        return entry;
    }
}
