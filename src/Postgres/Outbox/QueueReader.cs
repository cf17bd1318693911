using System.Threading.Channels;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using Npgsql;
using NpgsqlTypes;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// Reads customers' queues, all waiting reads in one statement. When ten thousand grains start at once, each costs a look into an index and no round trip of
/// its own. No read waits for a timer: the next group gathers while one is read.
/// </summary>
internal sealed class QueueReader : IAsyncDisposable
{
    private const int MaxGroup = 128;
    private const int HeldColumn = 18;
    private const int GroupsAtOnce = 2;

    // The limits keep the planner from joining the tables in another order: without statistics it would read a whole table for each row.
    private static readonly string _sql =
        $"""
        select r.n, c.last_seq, q.has_more, q.seq, q.attempts, q.not_before, q.last_error, q.send_attempt, {string.Join(", ", CallColumns.Names.Split(", ").Select(name => $"q.{name}"))}, h.*
        from unnest($1, $2, $3, $4, $5) with ordinality as r(workspace, key, after, max_rows, max_bytes, n)
        cross join lateral (select id from workspaces where name = r.workspace limit 1) w
        cross join lateral (select id, workspace_id, last_seq from customers where workspace_id = w.id and key = r.key limit 1) c
        left join lateral (
            select *, lead(seq) over queue is not null as has_more, row_number() over queue as place,
                128 + length(target) + length(headers) + octet_length(body) as size,
                sum(128 + length(target) + length(headers) + octet_length(body)) over queue as upto
            from (
                select * from calls
                where workspace_id = c.workspace_id and customer_id = c.id and seq > r.after
                order by seq
                limit r.max_rows + 1
            ) stretch
            window queue as (order by seq rows unbounded preceding)
        ) q on q.upto - q.size < r.max_bytes and q.place <= r.max_rows
        left join lateral (
            select {OutboxReader.HeldColumns} from dead_letters
            where workspace_id = c.workspace_id and customer = r.key and held_seq is not null order by held_seq limit 1
        ) h on true
        order by r.n, q.seq
        """;

    private readonly ReaderPool _pool;
    private readonly Channel<QueueRead> _arrived = Channel.CreateUnbounded<QueueRead>();
    private readonly Task[] _loops;

    public QueueReader(ReaderPool pool)
    {
        _pool = pool;
        _loops = [.. Enumerable.Range(0, GroupsAtOnce).Select(_ => Task.Run(RunAsync))];
    }

    public Task<CustomerQueue> ReadAsync(CustomerAddress customer, long afterSequence, int maxRows, int maxBytes, CancellationToken cancellation)
    {
        var read = new QueueRead(customer, afterSequence, maxRows, maxBytes);
        ObjectDisposedException.ThrowIf(!_arrived.Writer.TryWrite(read), this);
        return cancellation.CanBeCanceled ? read.Result.WaitAsync(cancellation) : read.Result;
    }

    public async ValueTask DisposeAsync()
    {
        _arrived.Writer.TryComplete();
        await Task.WhenAll(_loops).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        List<QueueRead> group = [];
        while (await _arrived.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            group.Clear();
            while (group.Count < MaxGroup && _arrived.Reader.TryRead(out var read))
            {
                group.Add(read);
            }

            if (group.Count > 0)
            {
                await ReadGroupAsync(group).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask ReadGroupAsync(IReadOnlyList<QueueRead> group)
    {
        try
        {
            await ExecuteAsync(group).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever went wrong, the waiters must hear of it and the reader must live on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await OnFailureAsync(group, exception).ConfigureAwait(false);
            return;
        }

        foreach (var read in group)
        {
            read.Complete();
        }
    }

    /// <summary>A key that PostgreSQL cannot store as a text fails only its own read.</summary>
    private async ValueTask OnFailureAsync(IReadOnlyList<QueueRead> group, Exception exception)
    {
        foreach (var read in group)
        {
            if (group.Count > 1 && PostgresFailure.ConcernsOne(exception))
            {
                await ReadGroupAsync([read]).ConfigureAwait(false);
            }
            else
            {
                read.Fail(exception);
            }
        }
    }

    private Task<bool> ExecuteAsync(IReadOnlyList<QueueRead> group)
    {
        var query = new NpgsqlBatchCommand(_sql)
            .WithList(List(group, read => read.Customer.Workspace), NpgsqlDbType.Text)
            .WithList(List(group, read => read.Customer.Customer.ToStored()), NpgsqlDbType.Text)
            .WithList(List(group, read => read.AfterSequence), NpgsqlDbType.Bigint)
            .WithList(List(group, read => (long)read.MaxRows), NpgsqlDbType.Bigint)
            .WithList(List(group, read => (long)read.MaxBytes), NpgsqlDbType.Bigint);
        return _pool.ReadAsync([query], rows => FillAsync(group, rows), CancellationToken.None);
    }

    private static async Task<bool> FillAsync(IReadOnlyList<QueueRead> group, NpgsqlDataReader rows)
    {
        foreach (var read in group)
        {
            read.Start();
        }

        while (await rows.ReadAsync().ConfigureAwait(false))
        {
            var read = group[(int)rows.GetInt64(0) - 1];
            read.LastSequence = rows.GetInt64(1);
            read.Held = rows.IsDBNull(HeldColumn) ? null : OutboxReader.Held(rows, HeldColumn);
            if (!rows.IsDBNull(3))
            {
                read.HasMore = rows.GetBoolean(2);
                read.Add(new OutboxRow(
                    read.Customer,
                    rows.GetInt64(3),
                    rows.ReadCall(8),
                    rows.GetInt32(4),
                    rows.TimeOrNull(5),
                    rows.IsDBNull(6) ? null : rows.GetString(6).FromStored(),
                    rows.IsDBNull(7) ? null : rows.GetGuid(7)));
            }
        }

        return true;
    }

    private static List<T> List<T>(IReadOnlyList<QueueRead> group, Func<QueueRead, T> select) => [.. group.Select(select)];
}
