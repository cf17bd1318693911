using CioOrleans.Grains.Outbox;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>Removals in one statement.</summary>
internal sealed class RemoveRun
{
    private readonly List<short> _workspaces = [];
    private readonly List<long> _customers = [];
    private readonly List<long> _sequences = [];
    private readonly List<Guid> _ids = [];

    public RemoveRun()
    {
        Command = new NpgsqlBatchCommand(
            """
            delete from calls c using unnest($1, $2, $3, $4) as r(workspace_id, customer_id, seq, call_id)
            where c.workspace_id = r.workspace_id and c.customer_id = r.customer_id and c.seq = r.seq and c.call_id = r.call_id
            """)
            .WithList(_workspaces, NpgsqlDbType.Smallint)
            .WithList(_customers, NpgsqlDbType.Bigint)
            .WithList(_sequences, NpgsqlDbType.Bigint)
            .WithList(_ids, NpgsqlDbType.Uuid);
    }

    public NpgsqlBatchCommand Command { get; }

    public bool IsEmpty => _ids.Count == 0;

    public void Start()
    {
        _workspaces.Clear();
        _customers.Clear();
        _sequences.Clear();
        _ids.Clear();
    }

    public void Add(CustomerId customer, RowKey row)
    {
        _workspaces.Add(customer.Workspace);
        _customers.Add(customer.Customer);
        _sequences.Add(row.Sequence);
        _ids.Add(row.CallId.ToStored());
    }
}
