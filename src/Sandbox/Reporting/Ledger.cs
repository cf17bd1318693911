namespace CioOrleans.Sandbox.Reporting;

/// <summary>What became of requests, and the order of those that took effect. Safe for concurrent use.</summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly List<(long Processed, TaskCompletionSource Done)> _waiters = [];
    private OrderTracker _tracker = new();
    private OutcomeCounts _outcomes = new();

    public void Record(string? customer, in ProcessedCall call)
    {
        lock (_lock)
        {
            _tracker.Record(customer, call);
            if (_waiters.Count > 0)
            {
                ReleaseWaiters();
            }
        }
    }

    public void AddOutcome(int outcome)
    {
        lock (_lock)
        {
            _outcomes.Add(outcome);
        }
    }

    /// <summary>Completes once so many operations have taken effect since the last reset.</summary>
    public Task WaitForProcessed(long processed, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_tracker.Processed >= processed)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((processed, done));
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    public (OrderReport Order, IReadOnlyDictionary<string, long> ByStatus) Report()
    {
        lock (_lock)
        {
            return (_tracker.Report(), _outcomes.ByName());
        }
    }

    public CustomerReport? Customer(string customer)
    {
        lock (_lock)
        {
            return _tracker.Customer(customer);
        }
    }

    public IReadOnlyList<CustomerReport> Customers(int limit)
    {
        lock (_lock)
        {
            return _tracker.Customers(limit);
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            (_tracker, _outcomes) = (new OrderTracker(), new OutcomeCounts());
        }
    }

    private void ReleaseWaiters()
    {
        foreach (var (_, done) in _waiters.Where(w => w.Processed <= _tracker.Processed))
        {
            done.SetResult();
        }

        _waiters.RemoveAll(w => w.Processed <= _tracker.Processed);
    }
}
