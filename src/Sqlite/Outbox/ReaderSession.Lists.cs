using CioOrleans.Calls;
using CioOrleans.Grains.Operating;
using CioOrleans.Operating;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Lists for operators. Their statements are prepared with the first use, because most processes never need them.</summary>
internal sealed partial class ReaderSession
{
    private ListStatements? _lists;

    private ListStatements Lists => _lists ??= new ListStatements(
        Prepare("select customer_id, count(*), min(position) from queues where workspace_id = ? group by customer_id"),
        Prepare("select workspace_id, customer_id from calls order by position limit ?"),
        Prepare("select count(*), min(position) from queues where workspace_id = ? and customer_id = ?"),
        Prepare("select key from customers where id = ?"),
        Prepare("select accepted_at from calls where position = ?"),
        Prepare("select import_id, state from imports where workspace_id = ? and import_id < ? order by import_id desc limit ?"),
        Prepare("select call_id, status, stored_at from send_results where workspace_id = ? and call_id < ? order by call_id desc limit ?"),
        Prepare("select workspace_id, kind, call_id, customer_id, accepted_at from calls order by position limit ?"));

    public QueueSummaries ReadQueues(string workspaceName, int limit, CancellationToken cancellation)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return new QueueSummaries([], [], IsOldestComplete: true);
        }

        return InSnapshot((RecentRows rows, out long commits) => rows.Summarise(workspace, out commits), recent =>
        {
            var longest = new PriorityQueue<QueueCount, long>();
            HashSet<long> counted = [];
            var queues = Lists.Queues.Bind(workspace);
            while (queues.Step())
            {
                if (cancellation.IsCancellationRequested)
                {
                    queues.Reset();
                    cancellation.ThrowIfCancellationRequested();
                }

                var customer = queues.Int64(0);
                Offer(new QueueCount(customer, queues.Int64(1) + recent.GetValueOrDefault(customer).Calls, queues.Int64(2)));
                if (recent.ContainsKey(customer))
                {
                    counted.Add(customer);
                }
            }

            foreach (var queue in recent.Values.Where(queue => !counted.Contains(queue.Customer)))
            {
                Offer(queue);
            }

            List<QueueSummary> found = [];
            while (longest.TryDequeue(out var queue, out _))
            {
                found.Add(Summary(queue));
            }

            found.Reverse();
            var (oldest, isComplete) = ReadOldestQueues(workspace, limit, recent);
            return new QueueSummaries(found, oldest, isComplete);

            void Offer(QueueCount queue)
            {
                if (longest.Count < limit)
                {
                    longest.Enqueue(queue, queue.Calls);
                }
                else
                {
                    longest.EnqueueDequeue(queue, queue.Calls);
                }
            }
        });
    }

    public IReadOnlyList<StoredImport> ReadImports(string workspaceName, Ulid? before, int limit)
    {
        List<StoredImport> imports = [];
        if (Workspace(workspaceName) is { } workspace)
        {
            var rows = Lists.Imports.Bind(workspace).Bind(before ?? Ulid.MaxValue).Bind((long)limit);
            while (rows.Step())
            {
                imports.Add(new StoredImport(rows.Ulid(0), rows.Text(1)));
            }
        }

        return imports;
    }

    public IReadOnlyList<AnsweredSend> ReadAnsweredSends(string workspaceName, Ulid? before, int limit)
    {
        List<AnsweredSend> sends = [];
        if (Workspace(workspaceName) is { } workspace)
        {
            var rows = Lists.Answered.Bind(workspace).Bind(before ?? Ulid.MaxValue).Bind((long)limit);
            while (rows.Step())
            {
                sends.Add(new AnsweredSend(rows.Ulid(0), rows.Int32(1), rows.Time(2)));
            }
        }

        return sends;
    }

    public WaitingSends ReadWaitingSends(string workspaceName, int limit)
    {
        if (Workspace(workspaceName) is not { } workspace)
        {
            return new WaitingSends([], IsComplete: true);
        }

        List<(Ulid Id, long Customer, DateTimeOffset AcceptedAt)> found = [];
        var read = 0;
        var rows = Lists.FirstCalls.Bind((long)WaitingSends.Searched);
        while (rows.Step())
        {
            read++;
            if (rows.Int64(0) == workspace && rows.Int32(1) == (int)CallKind.Send)
            {
                found.Add((rows.Ulid(2), rows.Int64(3), rows.Time(4)));
                if (found.Count == limit)
                {
                    rows.Reset();
                    break;
                }
            }
        }

        return new WaitingSends([.. found.Select(send => new WaitingSend(send.Id, KeyOf(send.Customer), send.AcceptedAt))], read < WaitingSends.Searched && found.Count < limit);
    }

    /// <summary>The customers of the first calls in the file. A call keeps its position, so the first call of a queue is the one that was stored first.</summary>
    private (IReadOnlyList<QueueSummary> Queues, bool IsComplete) ReadOldestQueues(long workspace, int limit, Dictionary<long, QueueCount> recent)
    {
        List<long> customers = [];
        HashSet<long> seen = [];
        var read = 0;
        var rows = Lists.Customers.Bind((long)QueueList.Searched);
        while (rows.Step())
        {
            read++;
            if (rows.Int64(0) == workspace && seen.Add(rows.Int64(1)))
            {
                customers.Add(rows.Int64(1));
                if (customers.Count == limit)
                {
                    rows.Reset();
                    break;
                }
            }
        }

        return ([.. customers.Select(Count).Where(queue => queue.Calls > 0).Select(Summary).OrderBy(queue => queue.FirstAcceptedAt)], customers.Count == limit || read < QueueList.Searched);

        QueueCount Count(long customer)
        {
            var (calls, first) = (0L, 0L);
            if (Lists.Queue.Bind(workspace).Bind(customer).Step())
            {
                (calls, first) = (Lists.Queue.Int64(0), Lists.Queue.Int64(1));
                Lists.Queue.Reset();
            }

            var younger = recent.GetValueOrDefault(customer);
            return new QueueCount(customer, calls + younger.Calls, calls > 0 ? first : younger.FirstPosition);
        }
    }

    private QueueSummary Summary(QueueCount queue)
    {
        DateTimeOffset? acceptedAt = null;
        if (Lists.AcceptedAt.Bind(queue.FirstPosition).Step())
        {
            acceptedAt = Lists.AcceptedAt.Time(0);
            Lists.AcceptedAt.Reset();
        }

        return new QueueSummary(KeyOf(queue.Customer), queue.Calls, acceptedAt);
    }

    private string KeyOf(long customer)
    {
        var key = Lists.Key.Bind(customer).Step() ? Lists.Key.Text(0) : "";
        Lists.Key.Reset();
        return key;
    }

    private sealed record ListStatements(
        Statement Queues, Statement Customers, Statement Queue, Statement Key, Statement AcceptedAt, Statement Imports, Statement Answered, Statement FirstCalls);
}

/// <summary>The number of a customer's waiting calls, and the position of the first.</summary>
internal readonly record struct QueueCount(long Customer, long Calls, long FirstPosition);
