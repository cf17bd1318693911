using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;
using CioOrleans.Sqlite.History;
using Microsoft.Data.Sqlite;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>A connection that reads, used by one caller at a time. Readers and the writer never wait for each other.</summary>
internal sealed partial class ReaderSession : IDisposable
{
    /// <summary>The maximum number of rows that one page of new work reads, however few of them belong to the workspace.</summary>
    private const int MaxRowsScanned = 50_000;

    private readonly Func<RecentRows> _recent;
    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];
    private readonly Dictionary<string, long> _workspaces = new(StringComparer.Ordinal);
    private readonly Statement _begin;
    private readonly Statement _takeSnapshot;
    private readonly Statement _end;
    private readonly Statement _findCustomer;
    private readonly Statement _lastQueued;
    private readonly Statement _queue;
    private readonly Statement _held;
    private readonly Statement _recentRow;
    private readonly Statement _recentKey;
    private readonly Statement _countQueue;
    private readonly Statement _nextHead;
    private readonly Statement _head;
    private readonly Statement _newRows;
    private readonly Statement _countWaiting;
    private readonly Statement _letters;
    private readonly Statement _letter;
    private readonly Statement _countLetters;
    private readonly Statement _findWorkspace;
    private readonly Statement _import;
    private readonly Statement _countImport;
    private readonly Statement _lastPosition;
    private readonly Statement _customerOfCall;
    private readonly Statement _oldest;
    private readonly Statement _stretch;
    private readonly Statement _sendResult;
    private readonly Statement _secret;
    private readonly Statement _sendKey;
    private readonly Statement _audit;

    /// <param name="file">The outbox's file.</param>
    /// <param name="recent">Returns the current index of recent rows.</param>
    public ReaderSession(SqliteFile file, Func<RecentRows> recent)
    {
        const string head = "k.customer_id, c.key, k.limit_class, k.priority, k.attempts, k.not_before";

        _recent = recent;
        _connection = file.Open();
        SqliteFile.Execute(_connection, "pragma query_only = on");
        _begin = Prepare("begin");
        _takeSnapshot = Prepare("select queued_until from progress");
        _end = Prepare("commit");
        _audit = Prepare("select entry_id, caller, action, selection, status from audit where entry_id < ? order by entry_id desc limit ?");
        _secret = Prepare("select value from secrets where name = ?");
        _sendResult = Prepare("select status, body, stored_at, content_type from send_results where workspace_id = ? and call_id = ?");
        _sendKey = Prepare("select call_id, customer, content from send_keys where workspace_id = ? and name = ?");
        _findWorkspace = Prepare("select id, pause_reason from workspaces where name = ?");
        _findCustomer = Prepare("select id, done_seq from customers where workspace_id = ? and key = ?");
        _lastQueued = Prepare("select coalesce(max(seq), 0) from queues where workspace_id = ? and customer_id = ?");
        _queue = Prepare(
            $"""
            select q.seq, q.attempts, q.not_before, q.last_error, q.send_attempt, {CallColumns.Names.Replace("limit_class, priority", "q.limit_class, q.priority", StringComparison.Ordinal)}
            from queues q join calls c on c.position = q.position
            where q.workspace_id = ? and q.customer_id = ? and q.seq > ? order by q.seq
            """);
        _held = Prepare($"select {HeldColumns} from dead_letters where workspace_id = ? and customer = ? and held_seq is not null order by held_seq limit 1");
        _recentRow = Prepare($"select {CallColumns.Names} from calls where position = ?");
        _recentKey = Prepare("select c.key from calls k join customers c on c.id = k.customer_id where k.position = ?");
        _countQueue = Prepare("select count(*) from (select 1 from queues where workspace_id = ? and customer_id = ? limit ?)");
        _nextHead = Prepare(
            $"""
            select {head} from queues k join customers c on c.id = k.customer_id
            where k.workspace_id = ? and k.customer_id > ? order by k.customer_id, k.seq limit 1
            """);
        _head = Prepare(
            $"""
            select {head} from queues k join customers c on c.id = k.customer_id
            where k.workspace_id = ? and k.customer_id = ? order by k.seq limit 1
            """);
        _newRows = Prepare("select position, workspace_id, customer_id from calls where position > ? order by position");
        _countWaiting = Prepare("select count(*) from queues where workspace_id = ?");
        _letters = Prepare(
            $"""
            select customer, attempts, reason, died_at, outcome_unknown, held_seq, {CallColumns.Names} from dead_letters
            where workspace_id = ? and call_id > ? order by call_id limit ?
            """);
        _letter = Prepare($"select customer, attempts, reason, died_at, outcome_unknown, held_seq, {CallColumns.Names} from dead_letters where workspace_id = ? and call_id = ?");
        _import = Prepare("select state from imports where workspace_id = ? and import_id = ?");
        _countImport = Prepare("select count(*) from calls where workspace_id = ? and priority = ? and instr(headers, ?) > 0");
        _lastPosition = Prepare("select coalesce(max(position), 0), coalesce(min(position), 0) from calls");
        _customerOfCall = Prepare(
            """
            select c.key from calls k join customers c on c.id = k.customer_id
            where k.position > ? and k.position <= ? and k.workspace_id = ? and k.call_id = ?
            """);
        _stretch = Prepare("select count(*), coalesce(max(position), 0) from (select position from calls where position > ? order by position limit ?)");
        _oldest = Prepare("select workspace_id, accepted_at from calls order by position");
        _countLetters = Prepare("select count(*) from dead_letters where workspace_id = ?");
        History = new HistoryReader(Prepare);
    }

    public HistoryReader History { get; }

    public CustomerQueue ReadQueue(CustomerAddress address, long afterSequence, int maxRows, int maxBytes)
    {
        if (Workspace(address.Workspace) is not { } workspace || Customer(workspace, address.Customer) is not { } customer)
        {
            return new CustomerQueue([], 0, false);
        }

        return InSnapshot((RecentRows rows, out long commits) => rows.Copy(customer, out commits), recent =>
        {
            var page = new QueuePage(address, maxRows, maxBytes);
            var hasMore = _queue.Bind(workspace).Bind(customer).Bind(afterSequence).Step();
            while (hasMore && page.HasRoom)
            {
                page.Add(_queue.Int64(0), _queue.ReadCall(5), _queue.Int32(1), _queue.TimeOrNull(2), _queue.TextOrNull(3), _queue.GuidOrNull(4));
                hasMore = _queue.Step();
            }

            _queue.Reset();

            // A commit that moved rows to the table of queues may not have dropped them from the index yet.
            var lastQueued = _lastQueued.Bind(workspace).Bind(customer).Number()!.Value;
            recent = [.. recent.Where(row => row.Sequence > lastQueued)];
            for (var i = 0; i < recent.Length && !hasMore; i++)
            {
                if (recent[i].Sequence <= afterSequence)
                {
                    continue;
                }

                if (!page.HasRoom)
                {
                    hasMore = IsStored(recent[i]);
                }
                else if (_recentRow.Bind(recent[i].Position).Step())
                {
                    page.Add(recent[i].Sequence, _recentRow.ReadCall(0));
                    _recentRow.Reset();
                }
            }

            var last = Array.FindLast(recent, row => IsStored(row)) is { } newest ? newest.Sequence : lastQueued;
            HeldCall? held = null;
            if (_held.Bind(workspace).Bind(address.Customer).Step())
            {
                held = Held(_held, 0);
                _held.Reset();
            }

            return new CustomerQueue(page.Rows, Math.Max(last, DoneSequence(workspace, address.Customer)), hasMore) { Held = held };
        });
    }

    public long CountQueue(CustomerAddress address, int atMost) =>
        Workspace(address.Workspace) is { } workspace && Customer(workspace, address.Customer) is { } customer
            ? InSnapshot(
                (RecentRows rows, out long commits) => rows.Copy(customer, out commits),
                recent => Math.Min(atMost, recent.Count(IsStored) + _countQueue.Bind(workspace).Bind(customer).Bind(atMost).Number()!.Value))
            : 0;

    /// <summary>Jumps from customer to customer over the table of queues, so that the cost depends on customers and not on rows.</summary>
    public HeadPage ReadHeads(string workspaceName, long? after, int limit, long position, CancellationToken cancellation)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return new HeadPage([], null, position);
        }

        var last = after ?? 0;
        return InSnapshot((RecentRows rows, out long commits) => rows.Copy(workspace, last, limit, out commits), recent =>
        {
            // A copy with the maximum number of customers may end before the workspace's last one. The page must not go beyond it.
            var end = recent.Length == limit ? recent[^1].Customer : long.MaxValue;
            List<CustomerHead> heads = [];
            var next = 0;
            while (heads.Count < limit)
            {
                cancellation.ThrowIfCancellationRequested();
                var queued = _nextHead.Bind(workspace).Bind(last).Step() ? _nextHead.Int64(0) : long.MaxValue;
                while (next < recent.Length && recent[next].Customer < queued && heads.Count < limit)
                {
                    AddRecent(heads, recent[next].Rows);
                    last = recent[next++].Customer;
                }

                if (queued != long.MaxValue && queued <= end && heads.Count < limit)
                {
                    heads.Add(Head(_nextHead));
                    last = queued;
                    next += next < recent.Length && recent[next].Customer == queued ? 1 : 0;
                    _nextHead.Reset();
                }
                else
                {
                    _nextHead.Reset();
                    break;
                }
            }

            return new HeadPage(heads, heads.Count < limit && end == long.MaxValue ? null : last, position);
        });
    }

    public HeadPage ReadNewWork(string workspaceName, long after, int limit, HashSet<long> seen, long position, CancellationToken cancellation)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return new HeadPage([], null, position);
        }

        var (customers, next) = NewCustomers(workspace, after, limit, seen, cancellation);
        return InSnapshot((RecentRows rows, out long commits) => rows.Copy(customers, out commits), recent =>
        {
            List<CustomerHead> heads = [];
            foreach (var (customer, rows) in recent)
            {
                if (_head.Bind(workspace).Bind(customer).Step())
                {
                    heads.Add(Head(_head));
                    _head.Reset();
                }
                else
                {
                    AddRecent(heads, rows);
                }
            }

            return new HeadPage(heads, next, position);
        });
    }

    public long CountWaiting(string workspace) => Workspace(workspace) is { } id
        ? InSnapshot((RecentRows rows, out long commits) => rows.CountOf(id, out commits), recent => recent + _countWaiting.Bind(id).Number()!.Value)
        : 0;

    public DateTimeOffset? ReadOldest(string workspaceName)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return null;
        }

        for (var scanned = 0; scanned < MaxRowsScanned && _oldest.Step(); scanned++)
        {
            if (_oldest.Int64(0) == workspace)
            {
                var oldest = _oldest.Time(1);
                _oldest.Reset();
                return oldest;
            }
        }

        _oldest.Reset();
        return null;
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
        var statement = new Statement(_connection.Handle!, sql);
        _statements.Add(statement);
        return statement;
    }

    private delegate TCopy CopyRecent<out TCopy>(RecentRows rows, out long commitsBegun);

    /// <summary>All statements of <paramref name="read"/> see one state, and the copy belongs to that state.</summary>
    private T InSnapshot<TCopy, T>(CopyRecent<TCopy> copy, Func<TCopy, T> read)
    {
        while (true)
        {
            var recent = _recent();
            var copied = copy(recent, out var commitsBegun);
            _begin.Execute();
            _takeSnapshot.Number();
            if (recent.CommitsBegun == commitsBegun && _recent() == recent)
            {
                var result = read(copied);
                _end.Execute();
                return result;
            }

            _end.Execute();
        }
    }

    private long? Workspace(string name)
    {
        if (_workspaces.TryGetValue(name, out var known))
        {
            return known;
        }

        long? id = _findWorkspace.Bind(name).Step() ? _findWorkspace.Int64(0) : null;
        _findWorkspace.Reset();
        if (id is { } found)
        {
            _workspaces.Add(name, found);
        }

        return id;
    }

    private long? Customer(long workspace, string key)
    {
        long? id = _findCustomer.Bind(workspace).Bind(key).Step() ? _findCustomer.Int64(0) : null;
        _findCustomer.Reset();
        return id;
    }

    private long DoneSequence(long workspace, string key)
    {
        var done = _findCustomer.Bind(workspace).Bind(key).Step() ? _findCustomer.Int64(1) : 0;
        _findCustomer.Reset();
        return done;
    }

    private (List<long> Customers, long? Next) NewCustomers(long workspace, long after, int limit, HashSet<long> seen, CancellationToken cancellation)
    {
        List<long> customers = [];
        var last = after;
        var scanned = 0;
        _newRows.Bind(after);
        while (_newRows.Step())
        {
            cancellation.ThrowIfCancellationRequested();
            if (customers.Count == limit || scanned++ == MaxRowsScanned)
            {
                _newRows.Reset();
                return (customers, last);
            }

            last = _newRows.Int64(0);
            if (_newRows.Int64(1) == workspace && seen.Add(_newRows.Int64(2)))
            {
                customers.Add(_newRows.Int64(2));
            }
        }

        return (customers, null);
    }

    private bool IsStored(RecentRow row)
    {
        var stored = _recentKey.Bind(row.Position).Step();
        _recentKey.Reset();
        return stored;
    }

    /// <summary>Adds the first stored one of a customer's recent rows, if there is one.</summary>
    private void AddRecent(List<CustomerHead> heads, RecentRow[] rows)
    {
        foreach (var row in rows)
        {
            if (_recentKey.Bind(row.Position).Step())
            {
                heads.Add(new CustomerHead(_recentKey.Text(0), HeadState.Of(row.LimitClass, row.Priority)));
                _recentKey.Reset();
                return;
            }
        }
    }

    private static CustomerHead Head(Statement row) => new(
        row.Text(1),
        HeadState.Of((LimitClass)row.Int32(2), (CallPriority)row.Int32(3), row.Int32(4), row.TimeOrNull(5)));
}
