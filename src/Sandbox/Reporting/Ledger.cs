namespace CioOrleans.Sandbox.Reporting;

/// <summary>Records the outcomes of requests, and the order of the calls that took effect. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly List<(long Processed, TaskCompletionSource Done)> _waiters = [];
    private OrderTracker _tracker = new();
    private SendTracker _sends = new();
    private OutcomeCounts _outcomes = new();
    private int _open;
    private long _recorded;

    public void Record(string? customer, in ProcessedCall call)
    {
        lock (_lock)
        {
            _tracker.Record(customer, call);
        }
    }

    /// <summary>Call it before the first record of a request.</summary>
    public void BeginRequest()
    {
        lock (_lock)
        {
            _open++;
        }
    }

    /// <summary>
    /// Call it after everything about a request was recorded. It completes the waiters of <see cref="WaitForProcessed"/> once no other request is recorded in
    /// part, so that a waiter sees everything about each operation that was counted.
    /// </summary>
    public void EndRequest()
    {
        lock (_lock)
        {
            if (--_open == 0)
            {
                _recorded = _tracker.Processed;
                ReleaseWaiters();
            }
        }
    }

    /// <summary>Counts a message, or a broadcast, that was sent.</summary>
    public void RecordSend(string? key)
    {
        lock (_lock)
        {
            _sends.Record(key);
        }

        Record(null, new ProcessedCall(null));
    }

    /// <summary>How often each key was sent.</summary>
    public IReadOnlyDictionary<string, int> Sends()
    {
        lock (_lock)
        {
            return _sends.ByKey();
        }
    }

    public SendReport SendReport()
    {
        lock (_lock)
        {
            return _sends.Report();
        }
    }

    public void AddOutcome(int outcome)
    {
        lock (_lock)
        {
            _outcomes.Add(outcome);
        }
    }

    /// <summary>Completes once <paramref name="processed"/> operations have taken effect since the last reset.</summary>
    public Task WaitForProcessed(long processed, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_recorded >= processed)
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
            (_tracker, _sends, _outcomes) = (new OrderTracker(), new SendTracker(), new OutcomeCounts());
            _recorded = 0;
        }
    }

    private void ReleaseWaiters()
    {
        if (_waiters.Count == 0)
        {
            return;
        }

        foreach (var (_, done) in _waiters.Where(waiter => waiter.Processed <= _recorded))
        {
            done.SetResult();
        }

        _waiters.RemoveAll(waiter => waiter.Processed <= _recorded);
    }
}
