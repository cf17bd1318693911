using CioOrleans.Auditing;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Grains.Outbox;
using CioOrleans.Workspaces;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Reads that are not part of a delivery: dead letters, results of sends, imports, pauses, secrets, the audit trail, and searches.</summary>
internal sealed partial class ReaderSession
{
    public string? ReadImport(string workspaceName, Ulid import)
    {
        if (Workspace(workspaceName) is not { } workspace || !_import.Bind(workspace).Bind(import).Step())
        {
            return null;
        }

        var state = _import.Text(0);
        _import.Reset();
        return state;
    }

    public long CountImport(string workspace, Ulid import) => Workspace(workspace) is { } id
        ? _countImport.Bind(id).Bind((long)CallPriority.Bulk).Bind(StoredHeaders.ImportLine(import)).Number()!.Value
        : 0;

    /// <summary>Searches from the newest call to the oldest, in parts, so that it can be cancelled.</summary>
    public string? FindCustomer(string workspaceName, Ulid callId, CancellationToken cancellation)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return null;
        }

        _lastPosition.Step();
        var (last, first) = (_lastPosition.Int64(0), _lastPosition.Int64(1));
        _lastPosition.Reset();
        for (; last >= first && last > 0; last -= MaxRowsScanned)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_customerOfCall.Bind(last - MaxRowsScanned).Bind(last).Bind(workspace).Bind(callId).Step())
            {
                var customer = _customerOfCall.Text(0);
                _customerOfCall.Reset();
                return customer;
            }
        }

        return null;
    }

    /// <summary>Reads the next <see cref="MaxRowsScanned"/> rows of all workspaces, because positions are not ordered by workspace.</summary>
    public MatchPage FindCalls(string workspaceName, CallFilter filter, long after)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return new MatchPage([], null);
        }

        _stretch.Bind(after).Bind((long)MaxRowsScanned).Step();
        var (rows, until) = (_stretch.Int64(0), _stretch.Int64(1));
        _stretch.Reset();
        var classes = string.Join(',', filter.GetClasses().Select(limitClass => $"{(int)limitClass}"));
        using var find = new Statement(
            _connection.Handle!,
            $"""
            select c.key, count(*) from calls k join customers c on c.id = k.customer_id
            where k.position > ? and k.position <= ? and k.workspace_id = ? and k.kind {(filter.Kind is { } kind ? $"= {(int)kind}" : "is not null")}
                and k.kind <> {(int)CallKind.MergeBarrier} and k.limit_class in ({classes}) and k.accepted_at < ? and instr(k.headers, ?) > 0
                {(filter.CallId is null ? "" : "and k.call_id = ?")}
            group by c.key
            """);
        find.Bind(after).Bind(until).Bind(workspace)
            .Bind(filter.AcceptedBefore ?? DateTimeOffset.MaxValue)
            .Bind(filter.Import is { } import ? StoredHeaders.ImportLine(import) : "");
        if (filter.CallId is { } call)
        {
            find.Bind(call);
        }

        List<CustomerMatches> customers = [];
        while (find.Step())
        {
            customers.Add(new CustomerMatches(find.Text(0), find.Int64(1)));
        }

        find.Reset();
        return new MatchPage(customers, rows == MaxRowsScanned ? until : null);
    }

    public DeadLetterPage ReadDeadLetters(string workspaceName, Ulid? after, int limit)
    {
        List<DeadLetter> letters = [];
        var bytes = 0L;
        if (Workspace(workspaceName) is { } workspace)
        {
            // An empty blob sorts before every id.
            _letters.Bind(workspace);
            _ = after is { } id ? _letters.Bind(id) : _letters.Bind(ReadOnlySpan<byte>.Empty);
            _letters.Bind(limit);
            while (bytes < IDeadLetterStore.PageBytes && _letters.Step())
            {
                letters.Add(Letter(_letters));
                bytes += letters[^1].Call.Body.Length;
            }

            _letters.Reset();
        }

        return new DeadLetterPage(letters, letters.Count == limit || bytes >= IDeadLetterStore.PageBytes ? letters[^1].Call.Id : null);
    }

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

    public long CountDeadLetters(string workspace) => Workspace(workspace) is { } id ? _countLetters.Bind(id).Number()!.Value : 0;

    /// <summary>The columns of a <see cref="HeldCall"/>.</summary>
    public static string HeldColumns => $"call_id, held_seq, kind, substr(reason, 1, {IDeadLetterStore.SelectedReason}), died_at, other_customer";

    /// <summary>Reads <see cref="HeldColumns"/>; <paramref name="column"/> is the index of the first.</summary>
    public static HeldCall Held(Statement row, int column) => new(
        row.Ulid(column), row.Int64(column + 1), (CallKind)row.Int32(column + 2), row.Text(column + 3), row.Time(column + 4), row.TextOrNull(column + 5));

    public HeldCustomerPage ReadHeld(string workspaceName, string? after, int limit)
    {
        List<HeldCustomer> customers = [];
        if (Workspace(workspaceName) is { } workspace)
        {
            using var select = new Statement(
                _connection.Handle!, $"select customer, {HeldColumns} from dead_letters where workspace_id = ? and held_seq is not null and customer > ? order by customer limit ?");
            select.Bind(workspace).Bind(after ?? "").Bind((long)limit);
            while (select.Step())
            {
                customers.Add(new HeldCustomer(select.Text(0), Held(select, 1)));
            }
        }

        return new HeldCustomerPage(customers, customers.Count == limit ? customers[^1].Customer : null);
    }

    public IReadOnlyList<DeadLetterCause> ReadDeadLetterCauses(string workspaceName, int limit)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return [];
        }

        using var groups = new Statement(
            _connection.Handle!,
            """
            select g.kind, g.cause, g.count, g.oldest, g.newest, d.call_id, d.reason from (
                select kind, cause, count(*) as count, min(died_at) as oldest, max(died_at) as newest, min(call_id) as example from dead_letters
                where workspace_id = ?1 and cause is not null group by kind, cause order by count(*) desc, kind, cause limit ?2
            ) g
            join dead_letters d on d.workspace_id = ?1 and d.call_id = g.example
            order by g.count desc, g.kind, g.cause
            """);
        groups.Bind(workspace).Bind((long)limit);
        List<DeadLetterCause> causes = [];
        while (groups.Step())
        {
            var cause = FailureCause.Of(groups.Text(6));
            causes.Add(new DeadLetterCause(
                (CallKind)groups.Int32(0), groups.Int64(1), cause.Status, cause.Answer, groups.Int64(2), groups.Time(3), groups.Time(4), groups.Ulid(5)));
        }

        return causes;
    }

    public SelectedDeadLetterPage SelectDeadLetters(string workspaceName, DeadLetterSelection selection, Ulid? after, int limit)
    {
        List<SelectedDeadLetter> letters = [];
        if (Workspace(workspaceName) is { } workspace)
        {
            using var select = Selected(
                workspace, selection, $"call_id, customer, kind, substr(reason, 1, {IDeadLetterStore.SelectedReason}), died_at, outcome_unknown", "and call_id > ? order by call_id limit ?");
            _ = after is { } id ? select.Bind(id) : select.Bind(ReadOnlySpan<byte>.Empty);
            select.Bind((long)limit);
            while (select.Step())
            {
                letters.Add(new SelectedDeadLetter(select.Ulid(0), select.Text(1), (CallKind)select.Int32(2), select.Text(3), select.Time(4), select.Int32(5) != 0));
            }
        }

        return new SelectedDeadLetterPage(letters, letters.Count == limit ? letters[^1].Id : null);
    }

    public DeadLetterCount CountDeadLetters(string workspaceName, DeadLetterSelection selection)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return new DeadLetterCount(0, 0);
        }

        using var count = Selected(workspace, selection, "count(*), coalesce(sum(outcome_unknown), 0)", "");
        count.Step();
        var result = new DeadLetterCount(count.Int64(0), count.Int64(1));
        count.Reset();
        return result;
    }

    /// <summary>A statement over the dead letters that a selection matches, with the selection's parameters.</summary>
    private Statement Selected(long workspace, DeadLetterSelection selection, string columns, string rest)
    {
        List<(string Condition, Action<Statement> Bind)> conditions = [];
        void Add<T>(T? value, string condition, Action<Statement, T> bind)
            where T : struct
        {
            if (value is { } given)
            {
                conditions.Add((condition, statement => bind(statement, given)));
            }
        }

        if (selection.Customer is { } customer)
        {
            conditions.Add(("customer = ?", statement => statement.Bind(customer)));
        }

        Add(selection.Kind, "kind = ?", (statement, kind) => statement.Bind((long)kind));
        Add(selection.StatusFrom, "status >= ?", (statement, status) => statement.Bind((long)status));
        Add(selection.StatusTo, "status <= ?", (statement, status) => statement.Bind((long)status));
        Add(selection.Cause, "cause = ?", (statement, cause) => statement.Bind(cause));
        Add(selection.From, "died_at >= ?", (statement, from) => statement.Bind(from));
        Add(selection.To, "died_at < ?", (statement, to) => statement.Bind(to));
        var where = string.Concat(conditions.Select(condition => $" and {condition.Condition}"));
        var selected = new Statement(_connection.Handle!, $"select {columns} from dead_letters where workspace_id = ?{where} {rest}");
        selected.Bind(workspace);
        foreach (var (_, bind) in conditions)
        {
            bind(selected);
        }

        return selected;
    }

    public SendResult? FindSendResult(string workspaceName, Ulid id)
    {
        if (Workspace(workspaceName) is not { } workspace || !_sendResult.Bind(workspace).Bind(id).Step())
        {
            return null;
        }

        var result = new SendResult(_sendResult.Int32(0), _sendResult.Text(1), _sendResult.Time(2), _sendResult.TextOrNull(3));
        _sendResult.Reset();
        return result;
    }

    public byte[]? ReadSecret(string name)
    {
        var value = _secret.Bind(name).Step() ? _secret.Bytes(0) : null;
        _secret.Reset();
        return value;
    }

    public SendBinding? FindSendKey(string workspaceName, Ulid name)
    {
        if (Workspace(workspaceName) is not { } workspace || !_sendKey.Bind(workspace).Bind(name).Step())
        {
            return null;
        }

        var binding = new SendBinding(_sendKey.Ulid(0), _sendKey.Text(1), _sendKey.Ulid(2));
        _sendKey.Reset();
        return binding;
    }

    public IReadOnlyList<AuditEntry> ReadAudit(Ulid? before, int limit)
    {
        List<AuditEntry> entries = [];
        _audit.Bind(before ?? Ulid.MaxValue).Bind(limit);
        while (_audit.Step())
        {
            entries.Add(new AuditEntry(_audit.Ulid(0), _audit.Text(1), _audit.Text(2), _audit.Text(3), _audit.IsNull(4) ? null : _audit.Int32(4)));
        }

        return entries;
    }

    public string? ReadReplay(string workspace)
    {
        using var replay = new Statement(_connection.Handle!, "select history_replay from workspaces where name = ?");
        return replay.Bind(workspace).Step() ? replay.TextOrNull(0) : null;
    }

    public string? ReadPause(string workspace)
    {
        var reason = _findWorkspace.Bind(workspace).Step() ? _findWorkspace.TextOrNull(1) : null;
        _findWorkspace.Reset();
        return reason;
    }

    private static DeadLetter Letter(Statement row) =>
        new(row.Text(0), row.ReadCall(6), row.Int32(1), row.Text(2), row.Time(3)) { IsOutcomeUnknown = row.Int32(4) != 0, IsHeld = !row.IsNull(5) };
}
