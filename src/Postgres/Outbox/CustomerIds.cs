using CioOrleans.Customers;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// The numbers of recently used customers, so that a row is addressed by 10 bytes instead of a text. A cache of two generations: when the young one is full, it
/// replaces the old one, and customers that were not used meanwhile are dropped. The cache never outlives its connection, because a server that was restored
/// from a copy may give out the same numbers again.
/// </summary>
internal sealed class CustomerIds
{
    private const int GenerationSize = 65_536;

    private readonly Dictionary<string, short> _workspaces = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wantedWorkspaces = new(StringComparer.Ordinal);
    private readonly HashSet<CustomerAddress> _wanted = [];
    private Dictionary<CustomerAddress, CustomerId> _young = [];
    private Dictionary<CustomerAddress, CustomerId> _old = [];

    /// <summary>Requests the number of a workspace.</summary>
    public void Want(string workspace)
    {
        if (!_workspaces.ContainsKey(workspace))
        {
            _wantedWorkspaces.Add(workspace);
        }
    }

    /// <summary>Requests the number of a customer.</summary>
    public void Want(CustomerAddress customer)
    {
        if (_young.ContainsKey(customer))
        {
            return;
        }

        if (_old.TryGetValue(customer, out var id))
        {
            Add(customer, id);
            return;
        }

        Want(customer.Workspace);
        _wanted.Add(customer);
    }

    /// <summary>The number of a requested workspace, once <see cref="ResolveAsync"/> has ended.</summary>
    public short this[string workspace] => _workspaces[workspace];

    /// <summary>The number of a requested customer, once <see cref="ResolveAsync"/> has ended.</summary>
    public CustomerId this[CustomerAddress customer] => _young.TryGetValue(customer, out var id) ? id : _old[customer];

    /// <summary>Looks up the requested numbers that are not cached, and gives a number to new workspaces and customers.</summary>
    public async ValueTask ResolveAsync(NpgsqlConnection connection)
    {
        if (_wantedWorkspaces.Count > 0)
        {
            await ResolveWorkspacesAsync(connection).ConfigureAwait(false);
        }

        if (_wanted.Count > 0)
        {
            await ResolveCustomersAsync(connection).ConfigureAwait(false);
        }
    }

    private async ValueTask ResolveWorkspacesAsync(NpgsqlConnection connection)
    {
        foreach (var name in _wantedWorkspaces)
        {
            var batch = new NpgsqlBatch(connection);
            await using (batch.ConfigureAwait(false))
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into workspaces (name) select $1 where not exists (select from workspaces where name = $1) on conflict do nothing")
                    .With(name, NpgsqlDbType.Text));
                batch.BatchCommands.Add(new NpgsqlBatchCommand("select id from workspaces where name = $1").With(name, NpgsqlDbType.Text));
                _workspaces[name] = (short)(await batch.ExecuteScalarAsync().ConfigureAwait(false))!;
            }
        }

        _wantedWorkspaces.Clear();
    }

    /// <summary>
    /// Runs in a transaction of its own that does not wait for the disk. The log is written in order, so if a row that refers to a number is on stable storage,
    /// the number's row is too. Customers are added in the order of their keys, so that two silos that add the same ones cannot deadlock.
    /// </summary>
    private async ValueTask ResolveCustomersAsync(NpgsqlConnection connection)
    {
        var addresses = _wanted.ToArray();
        _wanted.Clear();
        var workspaces = Array.ConvertAll(addresses, address => _workspaces[address.Workspace]);
        var keys = Array.ConvertAll(addresses, address => address.Customer.ToStored());
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('synchronous_commit', 'off', true)"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                """
                insert into customers (workspace_id, key)
                select w.workspace_id, w.key from unnest($1, $2) as w(workspace_id, key)
                where not exists (select from customers c where c.workspace_id = w.workspace_id and c.key = w.key)
                order by 1, 2
                on conflict do nothing
                """).With(workspaces, NpgsqlDbType.Array | NpgsqlDbType.Smallint).With(keys, NpgsqlDbType.Array | NpgsqlDbType.Text));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                """
                select w.n, c.id from unnest($1, $2) with ordinality as w(workspace_id, key, n)
                join customers c on c.workspace_id = w.workspace_id and c.key = w.key
                """).With(workspaces, NpgsqlDbType.Array | NpgsqlDbType.Smallint).With(keys, NpgsqlDbType.Array | NpgsqlDbType.Text));

            var rows = await batch.ExecuteReaderAsync().ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                await rows.NextResultAsync().ConfigureAwait(false);
                while (await rows.ReadAsync().ConfigureAwait(false))
                {
                    var n = rows.GetInt64(0) - 1;
                    Add(addresses[n], new CustomerId(workspaces[n], rows.GetInt64(1)));
                }
            }
        }
    }

    private void Add(CustomerAddress customer, CustomerId id)
    {
        if (_young.Count >= GenerationSize)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }

        _young[customer] = id;
    }
}

/// <summary>The numbers of a customer and of its workspace in the database.</summary>
internal readonly record struct CustomerId(short Workspace, long Customer);
