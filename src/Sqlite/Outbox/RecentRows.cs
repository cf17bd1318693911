using CioOrleans.Calls;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>The index of the rows that are not in the table of queues yet. The writer changes it, readers copy from it.</summary>
/// <remarks>
/// A row is added before its commit begins, and removed after the end of the commit that removes or moves it. So a copy and a snapshot of the
/// database that began after it agree, unless a commit began in between. <see cref="CommitsBegun"/> shows that, and the reader starts again.
/// A copied row that is not committed yet, or was just removed, is recognised by its position, which the snapshot does not hold.
/// </remarks>
internal sealed class RecentRows
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, RecentQueue> _queues = [];
    private readonly List<RecentQueue> _touched = [];
    private readonly List<RecentQueue> _added = [];
    private long _commitsBegun;

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The number of commits that have begun; all their rows are in the index.</summary>
    public long CommitsBegun => Volatile.Read(ref _commitsBegun);

    public void Add(CachedCustomer customer, long sequence, long position, Call call)
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
            _added.Add(queue);
            Count++;
        }
    }

    /// <summary>For the writer: a customer's queue; null if it has no recent rows.</summary>
    public RecentQueue? Find(long customer) => _queues.GetValueOrDefault(customer);

    /// <summary>For the writer: the current transaction removes or moves the row.</summary>
    public void MarkGone(RecentQueue queue, RecentRow row)
    {
        row.IsGone = true;
        if (!queue.IsTouched)
        {
            queue.IsTouched = true;
            _touched.Add(queue);
        }
    }

    /// <summary>For the writer: the transaction has made all its changes and will be committed next.</summary>
    public void CommitBegins() => Interlocked.Increment(ref _commitsBegun);

    /// <summary>For the writer: the transaction was rolled back. Removes the rows that it added. The marks that it set stay.</summary>
    public void RolledBack()
    {
        lock (_gate)
        {
            // Backwards, because each row was added at the end of its queue.
            for (var i = _added.Count - 1; i >= 0; i--)
            {
                var rows = _added[i].Rows;
                rows.RemoveAt(rows.Count - 1);
                Count--;
            }
        }

        _added.Clear();
    }

    /// <summary>For the writer: the transaction is committed. Removes the rows that it marked.</summary>
    public void Committed()
    {
        _added.Clear();
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

    /// <summary>A copy of a customer's rows.</summary>
    public RecentRow[] Copy(long customer, out long commitsBegun)
    {
        lock (_gate)
        {
            commitsBegun = _commitsBegun;
            return _queues.TryGetValue(customer, out var queue) ? [.. queue.Rows] : [];
        }
    }

    /// <summary>A copy of the rows of up to <paramref name="limit"/> customers of a workspace with ids above <paramref name="after"/>, ascending.</summary>
    public (long Customer, RecentRow[] Rows)[] Copy(long workspace, long after, int limit, out long commitsBegun)
    {
        lock (_gate)
        {
            commitsBegun = _commitsBegun;
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

    /// <summary>A copy of the rows of some customers; no rows for a customer without recent rows.</summary>
    public (long Customer, RecentRow[] Rows)[] Copy(IReadOnlyCollection<long> customers, out long commitsBegun)
    {
        lock (_gate)
        {
            commitsBegun = _commitsBegun;
            return [.. customers.Select(customer => (customer, _queues.TryGetValue(customer, out var queue) ? queue.Rows.ToArray() : []))];
        }
    }

    /// <summary>The number of each customer's rows in the index, and the position of the first, by the customer's number.</summary>
    public Dictionary<long, QueueCount> Summarise(long workspace, out long commitsBegun)
    {
        lock (_gate)
        {
            commitsBegun = _commitsBegun;
            return _queues.Values.Where(queue => queue.WorkspaceId == workspace && queue.Rows.Count > 0)
                .ToDictionary(queue => queue.CustomerId, queue => new QueueCount(queue.CustomerId, queue.Rows.Count, queue.Rows[0].Position));
        }
    }

    /// <summary>The number of a workspace's rows in the index.</summary>
    public long CountOf(long workspace, out long commitsBegun)
    {
        lock (_gate)
        {
            commitsBegun = _commitsBegun;
            return _queues.Values.Where(queue => queue.WorkspaceId == workspace).Sum(queue => (long)queue.Rows.Count);
        }
    }
}
