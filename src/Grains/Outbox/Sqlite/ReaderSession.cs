using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using Microsoft.Data.Sqlite;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>A connection that reads, used by one caller at a time. Readers and the writer never wait for each other.</summary>
internal sealed class ReaderSession : IDisposable
{
    /// <summary>A page of new work looks at so many rows at most, however few of them concern the workspace.</summary>
    private const int MaxRowsScanned = 50_000;

    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _findCustomer;
    private readonly Statement _lastStored;
    private readonly Statement _queue;
    private readonly Statement _countQueue;
    private readonly Statement _nextHead;
    private readonly Statement _head;
    private readonly Statement _newRows;
    private readonly Statement _countWaiting;
    private readonly Statement _letters;
    private readonly Statement _letter;
    private readonly Statement _countLetters;
    private readonly Statement _findWorkspace;

    public ReaderSession(SqliteFile file)
    {
        const string head = "k.seq, k.attempts, k.not_before, k.limit_class, k.priority, k.customer_id, c.key";

        _connection = file.Open();
        SqliteFile.Execute(_connection, "pragma query_only = on");
        _begin = Prepare("begin");
        _end = Prepare("commit");
        _findWorkspace = Prepare("select id, pause_reason from workspaces where name = ?");
        _findCustomer = Prepare("select id, done_seq from customers where workspace_id = ? and key = ?");
        _lastStored = Prepare("select coalesce(max(seq), 0) from calls where workspace_id = ? and customer_id = ?");
        _queue = Prepare(
            $"""
            select seq, attempts, not_before, last_error, {CallColumns.Names} from calls
            where workspace_id = ? and customer_id = ? and seq > ? order by seq
            """);
        _countQueue = Prepare("select count(*) from calls where workspace_id = ? and customer_id = ?");
        _nextHead = Prepare(
            $"""
            select {head} from calls k join customers c on c.id = k.customer_id
            where k.workspace_id = ? and k.customer_id > ? order by k.customer_id, k.seq limit 1
            """);
        _head = Prepare(
            $"""
            select {head} from calls k join customers c on c.id = k.customer_id
            where k.workspace_id = ? and k.customer_id = ? order by k.seq limit 1
            """);
        _newRows = Prepare("select position, workspace_id, customer_id from calls where position > ? order by position");
        _countWaiting = Prepare("select count(*) from calls where workspace_id = ?");
        _letters = Prepare(
            $"""
            select customer, attempts, reason, died_at, {CallColumns.Names} from dead_letters
            where workspace_id = ? and call_id > ? order by call_id limit ?
            """);
        _letter = Prepare($"select customer, attempts, reason, died_at, {CallColumns.Names} from dead_letters where workspace_id = ? and call_id = ?");
        _countLetters = Prepare("select count(*) from dead_letters where workspace_id = ?");
    }

    public CustomerQueue ReadQueue(CustomerAddress address, long afterSequence, int maxRows, int maxBytes) => InSnapshot(() =>
    {
        if (Workspace(address.Workspace) is not { } workspace || !_findCustomer.Bind(workspace).Bind(address.Customer).Step())
        {
            _findCustomer.Reset();
            return new CustomerQueue([], 0, 0);
        }

        var (customer, lastSequence) = (_findCustomer.Int64(0), _findCustomer.Int64(1));
        _findCustomer.Reset();

        List<OutboxRow> rows = [];
        var bytes = 0L;
        var more = _queue.Bind(workspace).Bind(customer).Bind(afterSequence).Step();
        while (more && (rows.Count == 0 || (rows.Count < maxRows && bytes < maxBytes)))
        {
            var row = new OutboxRow(
                address, _queue.Int64(0), _queue.ReadCall(4), _queue.Int32(1), _queue.TimeOrNull(2), _queue.TextOrNull(3));
            bytes += CallColumns.SizeOf(row.Call);
            rows.Add(row);
            more = _queue.Step();
        }

        _queue.Reset();
        var wholeQueueRead = afterSequence <= 0 && !more;
        return new CustomerQueue(
            rows,
            Math.Max(lastSequence, Number(_lastStored.Bind(workspace).Bind(customer))),
            wholeQueueRead ? rows.Count : Number(_countQueue.Bind(workspace).Bind(customer)));
    });

    /// <summary>Jumps from customer to customer over the index: the cost is in customers, not in rows.</summary>
    public HeadPage ReadHeads(string workspaceName, long? after, int limit, long position, CancellationToken cancellation) => InSnapshot(() =>
    {
        List<CustomerHead> heads = [];
        var last = after ?? 0;
        if (Workspace(workspaceName) is { } workspace)
        {
            while (heads.Count < limit && _nextHead.Bind(workspace).Bind(last).Step())
            {
                cancellation.ThrowIfCancellationRequested();
                last = _nextHead.Int64(5);
                heads.Add(Head(_nextHead));
                _nextHead.Reset();
            }
        }

        return new HeadPage(heads, heads.Count == limit ? last : null, position);
    });

    public HeadPage ReadNewWork(string workspaceName, long after, int limit, long position, CancellationToken cancellation) => InSnapshot(() =>
    {
        List<CustomerHead> heads = [];
        long? next = null;
        if (Workspace(workspaceName) is { } workspace)
        {
            HashSet<long> customers = [];
            var last = after;
            var scanned = 0;
            _newRows.Bind(after);
            while (_newRows.Step())
            {
                cancellation.ThrowIfCancellationRequested();
                if (customers.Count == limit || scanned++ == MaxRowsScanned)
                {
                    next = last;
                    _newRows.Reset();
                    break;
                }

                last = _newRows.Int64(0);
                if (_newRows.Int64(1) == workspace)
                {
                    customers.Add(_newRows.Int64(2));
                }
            }

            foreach (var customer in customers)
            {
                _head.Bind(workspace).Bind(customer).Step();
                heads.Add(Head(_head));
                _head.Reset();
            }
        }

        return new HeadPage(heads, next, position);
    });

    public long CountWaiting(string workspace) => Workspace(workspace) is { } id ? Number(_countWaiting.Bind(id)) : 0;

    public DeadLetterPage ReadDeadLetters(string workspaceName, Ulid? after, int limit) => InSnapshot(() =>
    {
        List<DeadLetter> letters = [];
        if (Workspace(workspaceName) is { } workspace)
        {
            // An empty blob sorts before every id.
            _letters.Bind(workspace);
            _ = after is { } id ? _letters.Bind(id) : _letters.Bind(ReadOnlySpan<byte>.Empty);
            _letters.Bind(limit);
            while (_letters.Step())
            {
                letters.Add(Letter(_letters));
            }
        }

        return new DeadLetterPage(letters, letters.Count == limit ? letters[^1].Call.Id : null);
    });

    public DeadLetter? FindDeadLetter(string workspaceName, Ulid id)
    {
        if (Workspace(workspaceName) is not { } workspace || !_letter.Bind(workspace).Bind(id).Step())
        {
            return null;
        }

        var letter = Letter(_letter);
        _letter.Reset();
        return letter;
    }

    public long CountDeadLetters(string workspace) => Workspace(workspace) is { } id ? Number(_countLetters.Bind(id)) : 0;

    public string? ReadPause(string workspace)
    {
        var reason = _findWorkspace.Bind(workspace).Step() ? _findWorkspace.TextOrNull(1) : null;
        _findWorkspace.Reset();
        return reason;
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

    /// <summary>All statements of one read see the same state.</summary>
    private T InSnapshot<T>(Func<T> read)
    {
        _begin.Execute();
        var result = read();
        _end.Execute();
        return result;
    }

    private long? Workspace(string name)
    {
        long? id = _findWorkspace.Bind(name).Step() ? _findWorkspace.Int64(0) : null;
        _findWorkspace.Reset();
        return id;
    }

    private static long Number(Statement statement)
    {
        statement.Step();
        var number = statement.Int64(0);
        statement.Reset();
        return number;
    }

    private static CustomerHead Head(Statement row) => new(
        row.Text(6),
        HeadState.Of((LimitClass)row.Int32(3), (CallPriority)row.Int32(4), row.Int32(1), row.TimeOrNull(2)));

    private static DeadLetter Letter(Statement row) =>
        new(row.Text(0), row.ReadCall(4), row.Int32(1), row.Text(2), row.Time(3));
}
