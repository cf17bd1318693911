using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>The index of recent rows, and how its rows move to the table of queues.</summary>
internal sealed partial class WriterSession
{
    /// <summary>Moves all recent rows of a customer to the table of queues, so that the rows there always come before the recent ones.</summary>
    public int MoveToQueues(RecentQueue queue)
    {
        var moved = 0;
        foreach (var row in queue.Rows)
        {
            if (!row.IsGone)
            {
                _enqueue.Bind(queue.WorkspaceId).Bind(queue.CustomerId).Bind(row.Sequence)
                    .Bind(row.Position).Bind((long)row.LimitClass).Bind((long)row.Priority).Execute();
                Recent.MarkGone(queue, row);
                moved++;
            }
        }

        return moved;
    }

    /// <summary>Moves some rows out of the index of recent rows, in a transaction of its own.</summary>
    public void FoldRecent()
    {
        if (_folder.IsDue)
        {
            Begin();
            _folder.Step();
            Commit();
        }
    }

    /// <summary>Stores that the table of queues holds every call up to <paramref name="position"/>.</summary>
    public void SetQueuedUntil(long position) => _queuedUntil.Bind(position).Execute();

    private void ReadRecent(long queuedUntil)
    {
        using var rows = new Statement(
            Handle,
            """
            select c.workspace_id, c.customer_id, c.seq, c.position, c.call_id, c.limit_class, c.priority from calls c
            where c.position > ? and not exists (
                select 1 from queues q where q.workspace_id = c.workspace_id and q.customer_id = c.customer_id and q.seq = c.seq)
            order by c.position
            """);
        rows.Bind(queuedUntil);
        while (rows.Step())
        {
            var row = new RecentRow(
                rows.Int64(2), rows.Int64(3), rows.Ulid(4), (LimitClass)rows.Int32(5), (CallPriority)rows.Int32(6));
            Recent.Add(rows.Int64(0), rows.Int64(1), row);
        }

        Recent.Committed();
    }

    private void MoveToQueues(CachedCustomer customer)
    {
        if (Recent.Find(customer.Id) is { } queue)
        {
            MoveToQueues(queue);
        }
    }
}
