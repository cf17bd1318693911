using System.Runtime.InteropServices;
using CioOrleans.Calls;
using CioOrleans.Postgres.Outbox.Writes;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// Appends in one statement. It advances each customer's last sequence by compare-and-swap, once for all rows of the customer, and stores the rows of those
/// customers for which that succeeded. It returns the rows that were not stored, and whether their deadline has passed. The update locks the customer's row and
/// reads its newest version, so if two silos give out the same sequence one of them is refused, whatever happened to the other's row meanwhile.
/// </summary>
internal sealed class AppendRun : IAnsweredStatement
{
    /// <summary>
    /// The database's clock in microseconds since 1970, read when the statement reads the customer's row. A statement that waits for the row's lock after that
    /// still comes before every later append of the customer.
    /// </summary>
    internal const string Now = "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

    // "is true" keeps the planner from turning the lookups into joins, whatever table sizes it assumes: they stay a hashed list.
    internal const string Sql =
        $"""
        with advanced as (
            update customers c set last_seq = g.last
            from unnest($1, $2, $3, $18) as g(id, first, last, deadline)
            where c.id = g.id and c.last_seq < g.first and g.deadline > {Now}
            returning c.id
        ), stored as (
            insert into calls (position, workspace_id, customer_id, seq, {CallColumns.Names})
            select (select pg_current_xact_id()::text::bigint << 12) + $4 + r.n,
                workspace_id, customer_id, seq, {CallColumns.Names}
            from unnest($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) with ordinality
                as r(workspace_id, customer_id, seq, {CallColumns.Names}, n)
            where (r.customer_id in (select id from advanced)) is true
            on conflict do nothing
            returning customer_id, seq
        )
        select r.n, (select g.deadline <= {Now} from unnest($1, $18) as g(id, deadline) where g.id = r.customer_id)
        from unnest($6, $7) with ordinality as r(customer_id, seq, n)
        where ((r.customer_id, r.seq) in (select customer_id, seq from stored)) is not true
        """;

    private readonly Dictionary<long, int> _slots = [];
    private readonly List<long> _customers = [];
    private readonly List<long> _firsts = [];
    private readonly List<long> _lasts = [];
    private readonly List<long> _deadlines = [];
    private readonly List<int> _counts = [];
    private readonly List<AppendWrite> _writes = [];
    private readonly List<short> _workspaces = [];
    private readonly List<long> _customerOfRow = [];
    private readonly List<long> _sequences = [];
    private readonly List<Guid> _ids = [];
    private readonly List<short> _kinds = [];
    private readonly List<short> _classes = [];
    private readonly List<short> _priorities = [];
    private readonly List<long> _acceptedAt = [];
    private readonly List<string> _methods = [];
    private readonly List<string> _targets = [];
    private readonly List<string> _headers = [];
    private readonly List<string?> _others = [];
    private readonly List<byte[]> _bodies = [];
    private readonly NpgsqlParameter<long> _offset = new() { NpgsqlDbType = NpgsqlDbType.Bigint };

    public AppendRun()
    {
        Command = new NpgsqlBatchCommand(Sql)
            .WithList(_customers, NpgsqlDbType.Bigint)
            .WithList(_firsts, NpgsqlDbType.Bigint)
            .WithList(_lasts, NpgsqlDbType.Bigint);
        Command.Parameters.Add(_offset);
        Command
            .WithList(_workspaces, NpgsqlDbType.Smallint)
            .WithList(_customerOfRow, NpgsqlDbType.Bigint)
            .WithList(_sequences, NpgsqlDbType.Bigint)
            .WithList(_ids, NpgsqlDbType.Uuid)
            .WithList(_kinds, NpgsqlDbType.Smallint)
            .WithList(_classes, NpgsqlDbType.Smallint)
            .WithList(_priorities, NpgsqlDbType.Smallint)
            .WithList(_acceptedAt, NpgsqlDbType.Bigint)
            .WithList(_methods, NpgsqlDbType.Text)
            .WithList(_targets, NpgsqlDbType.Text)
            .WithList(_headers, NpgsqlDbType.Text)
            .WithList(_others, NpgsqlDbType.Text)
            .WithList(_bodies, NpgsqlDbType.Bytea)
            .WithList(_deadlines, NpgsqlDbType.Bigint);
    }

    public NpgsqlBatchCommand Command { get; }

    public int Rows => _writes.Count;

    /// <summary>Empties the run.</summary>
    /// <param name="offset">The number of rows before these in the same transaction, because their positions must differ.</param>
    public void Start(int offset)
    {
        _offset.TypedValue = offset;
        _slots.Clear();
        _customers.Clear();
        _firsts.Clear();
        _lasts.Clear();
        _deadlines.Clear();
        _counts.Clear();
        _writes.Clear();
        _workspaces.Clear();
        _customerOfRow.Clear();
        _sequences.Clear();
        _ids.Clear();
        _kinds.Clear();
        _classes.Clear();
        _priorities.Clear();
        _acceptedAt.Clear();
        _methods.Clear();
        _targets.Clear();
        _headers.Clear();
        _others.Clear();
        _bodies.Clear();
    }

    public void Add(CustomerId customer, AppendWrite write)
    {
        if (!TryAdvance(customer.Customer, write))
        {
            write.Refuse();
            return;
        }

        var call = write.Call;
        _writes.Add(write);
        _workspaces.Add(customer.Workspace);
        _customerOfRow.Add(customer.Customer);
        _sequences.Add(write.Sequence);
        _ids.Add(call.Id.ToStored());
        _kinds.Add((short)call.Kind);
        _classes.Add((short)call.LimitClass);
        _priorities.Add((short)call.Priority);
        _acceptedAt.Add(call.AcceptedAt.UtcTicks);
        _methods.Add(call.Method);
        _targets.Add(call.Target.ToStored());
        _headers.Add(StoredHeaders.Write(call).ToStored());
        _others.Add(call.OtherCustomer?.ToStored());
        _bodies.Add(call.Body);
    }

    /// <summary>
    /// Handles a row that was not stored. A single row of a customer is refused. Of several rows only the first may be too late, so each is tried again alone.
    /// </summary>
    public void OnRow(NpgsqlDataReader row)
    {
        var n = (int)row.GetInt64(0) - 1;
        if (_counts[_slots[_customerOfRow[n]]] > 1)
        {
            _writes[n].LeaveUndecided();
        }
        else if (row.GetBoolean(1))
        {
            _writes[n].Expire();
        }
        else
        {
            _writes[n].Refuse();
        }
    }

    /// <summary>
    /// False for a sequence that is not higher than the one before it in this run. Whether that one is stored or refused as too low, this one is too low.
    /// </summary>
    private bool TryAdvance(long customer, AppendWrite write)
    {
        var sequence = write.Sequence;
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, customer, out var isKnown);
        if (!isKnown)
        {
            slot = _customers.Count;
            _customers.Add(customer);
            _firsts.Add(sequence);
            _lasts.Add(sequence);
            _deadlines.Add(write.Deadline);
            _counts.Add(1);
            return true;
        }

        if (sequence <= _lasts[slot])
        {
            return false;
        }

        _lasts[slot] = sequence;
        _deadlines[slot] = Math.Min(_deadlines[slot], write.Deadline);
        _counts[slot]++;
        return true;
    }
}
