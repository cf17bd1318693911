using CioOrleans.Calls;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>
/// The index over the rows that the table of queues does not hold yet. The writer changes it; readers copy from it before they
/// begin their snapshot. A copied row may not be committed yet or may be gone again, which its position tells in the snapshot; a
/// row that is neither copied nor in the snapshot's table of queues was completed, or appended later.
/// </summary>
internal sealed class RecentRows
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, RecentQueue> _queues = [];
    private readonly List<RecentQueue> _touched = [];

    /// <summary>How many rows it holds.</summary>
    public int Count { get; private set; }

    public void Add(CustomerEntry customer, long sequence, long position, Call call)
    {
        var row = new RecentRow(sequence, position, call.Id, call.LimitClass, call.Priority);
        Add(customer.WorkspaceId, customer.Id, row);
    }

    public void Add(long workspace, long customer, RecentRow row)
    {
        lock (_gate)
        {
            if (!_queues.TryGetValue(customer, out var queue))
            {
                _queues.Add(customer, queue = new RecentQueue(workspace, customer));
            }

            queue.Rows.Add(row);
            Count++;
        }
    }

    /// <summary>For the writer: a customer's queue; null where it has no recent rows.</summary>
    public RecentQueue? Find(long customer) => _queues.GetValueOrDefault(customer);

    /// <summary>For the writer: the transaction under way removes or moves the row.</summary>
    public void MarkGone(RecentQueue queue, RecentRow row)
    {
        row.IsGone = true;
        if (!queue.IsTouched)
        {
            queue.IsTouched = true;
            _touched.Add(queue);
        }
    }

    /// <summary>For the writer: the transaction is committed, and what it marked goes.</summary>
    public void DropGone()
    {
        if (_touched.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var queue in _touched)
            {
                queue.IsTouched = false;
                Count -= queue.Rows.RemoveAll(static row => row.IsGone);
                if (queue.Rows.Count == 0)
                {
                    _queues.Remove(queue.CustomerId);
                }
            }
        }

        _touched.Clear();
    }

    /// <summary>For the writer: every customer with recent rows, in the order of the table of queues.</summary>
    public RecentQueue[] Sorted() => [.. _queues.Values.OrderBy(queue => queue.WorkspaceId).ThenBy(queue => queue.CustomerId)];

    /// <summary>A customer's rows as they stand.</summary>
    public RecentRow[] Copy(long customer)
    {
        lock (_gate)
        {
            return _queues.TryGetValue(customer, out var queue) ? [.. queue.Rows] : [];
        }
    }

    /// <summary>The customers of a workspace with an id above <paramref name="after"/>, ascending, <paramref name="limit"/> at most, and their rows.</summary>
    public (long Customer, RecentRow[] Rows)[] Copy(long workspace, long after, int limit)
    {
        lock (_gate)
        {
            List<long> found = [];
            foreach (var queue in _queues.Values)
            {
                if (queue.WorkspaceId == workspace && queue.CustomerId > after)
                {
                    found.Add(queue.CustomerId);
                }
            }

            found.Sort();
            return [.. found.Take(limit).Select(customer => (customer, _queues[customer].Rows.ToArray()))];
        }
    }

    public long CountOf(long workspace)
    {
        lock (_gate)
        {
            return _queues.Values.Where(queue => queue.WorkspaceId == workspace).Sum(queue => (long)queue.Rows.Count);
        }
    }
}
