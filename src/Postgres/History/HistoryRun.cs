using CioOrleans.History;
using CioOrleans.Postgres.Outbox;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.History;

/// <summary>
/// Rows of the history in one statement. A row of a day that has no partition is not stored, and the statement returns how many there were: the insert would
/// fail, and with it the group. It comes before the statements that end calls: the end of a call that is gone is stored as a repeat.
/// </summary>
internal sealed class HistoryRun : IAnsweredStatement
{
    private readonly List<long> _ids = [];
    private readonly List<long> _customers = [];
    private readonly List<long> _sequences = [];
    private readonly List<long> _epochs = [];
    private readonly List<long> _permits = [];
    private readonly List<long> _acceptedAt = [];
    private readonly List<long?> _lasted = [];
    private readonly List<long?> _eventKeys = [];
    private readonly List<Guid?> _callIds = [];
    private readonly List<Guid?> _imports = [];
    private readonly List<int> _precisions = [];
    private readonly List<int> _attempts = [];
    private readonly List<short> _workspaces = [];
    private readonly List<short> _classes = [];
    private readonly List<short> _results = [];
    private readonly List<short> _statuses = [];
    private readonly List<short?> _kinds = [];
    private readonly List<string?> _reasons = [];
    private readonly List<bool> _ends = [];
    private readonly List<Guid?> _traces = [];
    private readonly NpgsqlParameter<string> _silo = new() { TypedValue = "", NpgsqlDbType = NpgsqlDbType.Text };
    private DropCount? _dropped;

    public HistoryRun()
    {
        Command = new NpgsqlBatchCommand(
            """
            with r as (
                select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $20, $21) as r (
                    id, customer_id, seq, epoch, permit, accepted_at, lasted, event_key, call_id, import_id, "precision", attempt,
                    workspace_id, limit_class, result, status, kind, reason, ends, trace_id)
            ), kept as (
                insert into history (id, customer_id, seq, epoch, permit, accepted_at, lasted, event_key, call_id, import_id, day, "precision", silo_id, attempt,
                    workspace_id, limit_class, result, status, kind, reason, trace_id)
                select id, customer_id, seq, epoch, permit, accepted_at, lasted, event_key, call_id, import_id, (id / 707788800000000)::integer, "precision",
                    (select s.id from history_silos s where s.name = $19), attempt, workspace_id, limit_class,
                    case when not ends or exists (
                        select from calls q where q.workspace_id = r.workspace_id and q.customer_id = r.customer_id and q.seq = r.seq and q.call_id = r.call_id)
                    then result else 14 end, status, kind, reason, trace_id
                from r where exists (select from history_days d where d.day = (r.id / 707788800000000)::integer)
                on conflict do nothing
            )
            select count(*), min(id) from r where not exists (select from history_days d where d.day = (r.id / 707788800000000)::integer) having count(*) > 0
            """)
            .WithList(_ids, NpgsqlDbType.Bigint)
            .WithList(_customers, NpgsqlDbType.Bigint)
            .WithList(_sequences, NpgsqlDbType.Bigint)
            .WithList(_epochs, NpgsqlDbType.Bigint)
            .WithList(_permits, NpgsqlDbType.Bigint)
            .WithList(_acceptedAt, NpgsqlDbType.Bigint)
            .WithList(_lasted, NpgsqlDbType.Bigint)
            .WithList(_eventKeys, NpgsqlDbType.Bigint)
            .WithList(_callIds, NpgsqlDbType.Uuid)
            .WithList(_imports, NpgsqlDbType.Uuid)
            .WithList(_precisions, NpgsqlDbType.Integer)
            .WithList(_attempts, NpgsqlDbType.Integer)
            .WithList(_workspaces, NpgsqlDbType.Smallint)
            .WithList(_classes, NpgsqlDbType.Smallint)
            .WithList(_results, NpgsqlDbType.Smallint)
            .WithList(_statuses, NpgsqlDbType.Smallint)
            .WithList(_kinds, NpgsqlDbType.Smallint)
            .WithList(_reasons, NpgsqlDbType.Text);
        Command.Parameters.Add(_silo);
        Command.WithList(_ends, NpgsqlDbType.Boolean).WithList(_traces, NpgsqlDbType.Uuid);
    }

    public NpgsqlBatchCommand Command { get; }

    public bool IsEmpty => _ids.Count == 0;

    /// <summary>The silo of all rows.</summary>
    public string Silo => _silo.TypedValue!;

    public void Start(string silo, DropCount dropped)
    {
        _silo.TypedValue = silo;
        _dropped = dropped;
        _ids.Clear();
        _customers.Clear();
        _sequences.Clear();
        _epochs.Clear();
        _permits.Clear();
        _acceptedAt.Clear();
        _lasted.Clear();
        _eventKeys.Clear();
        _callIds.Clear();
        _imports.Clear();
        _precisions.Clear();
        _attempts.Clear();
        _workspaces.Clear();
        _classes.Clear();
        _results.Clear();
        _statuses.Clear();
        _kinds.Clear();
        _reasons.Clear();
        _ends.Clear();
        _traces.Clear();
    }

    /// <param name="row">The row.</param>
    /// <param name="workspace">Its workspace's number.</param>
    /// <param name="customer">Its customer's number; 0 for none.</param>
    /// <param name="isEndOfCall">Whether the transaction ends the call of the row.</param>
    public void Add(HistoryRow row, short workspace, long customer, bool isEndOfCall)
    {
        _ids.Add(row.Id);
        _customers.Add(customer);
        _sequences.Add(row.Sequence);
        _epochs.Add(row.Epoch);
        _permits.Add(row.Permit);
        _acceptedAt.Add(row.AcceptedAt);
        _lasted.Add(row.Ended - row.Sent);
        _eventKeys.Add(row.EventKey);
        _callIds.Add(row.CallId?.ToStored());
        _imports.Add(row.Import?.ToStored());
        _precisions.Add((int)Math.Min(row.Precision, int.MaxValue));
        _attempts.Add(row.Attempt);
        _workspaces.Add(workspace);
        _classes.Add((short)row.LimitClass);
        _results.Add((short)row.Result);
        _statuses.Add((short)row.Status);
        _kinds.Add((short?)row.Kind);
        _reasons.Add(row.Reason?.ToStored());
        _traces.Add(row.TraceId is { } trace ? Guid.ParseExact(trace, "N") : null);
        _ends.Add(isEndOfCall && row is { IsEnd: true, Sent: not null });
    }

    public void OnRow(NpgsqlDataReader row) => _dropped!.Add(row.GetInt64(0), HistoryId.TimeOf(row.GetInt64(1)));
}

/// <summary>Bodies of rows in one statement, behind that of the rows. The body of a row of a day that has no partition is not stored.</summary>
internal sealed class BodyRun
{
    private readonly List<long> _ids = [];
    private readonly List<long> _customers = [];
    private readonly List<int> _sizes = [];
    private readonly List<byte[]?> _requests = [];
    private readonly List<byte[]?> _answers = [];

    public BodyRun() => Command = new NpgsqlBatchCommand(
        """
        insert into history_bodies (id, customer_id, day, size, request, answer)
        select id, customer_id, (id / 707788800000000)::integer, size, request, answer
        from unnest($1, $2, $3, $4, $5) as r (id, customer_id, size, request, answer)
        where exists (select from history_days d where d.day = (r.id / 707788800000000)::integer)
        on conflict do nothing
        """)
        .WithList(_ids, NpgsqlDbType.Bigint)
        .WithList(_customers, NpgsqlDbType.Bigint)
        .WithList(_sizes, NpgsqlDbType.Integer)
        .WithList(_requests, NpgsqlDbType.Bytea)
        .WithList(_answers, NpgsqlDbType.Bytea);

    public NpgsqlBatchCommand Command { get; }

    public void Start()
    {
        _ids.Clear();
        _customers.Clear();
        _sizes.Clear();
        _requests.Clear();
        _answers.Clear();
    }

    public void Add(long id, long customer, HistoryBody body)
    {
        _ids.Add(id);
        _customers.Add(customer);
        _sizes.Add(body.Size);
        _requests.Add(body.Request);
        _answers.Add(body.Answer);
    }
}
