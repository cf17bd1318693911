namespace CioOrleans.Sandbox.Reporting;

/// <summary>Records the outcomes of requests, and the order of the calls that took effect. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly List<(long Processed, TaskCompletionSource Done)> _waiters = [];
    private OrderTracker _tracker = new();
    private SendTracker _sends = new();
    private OutcomeCounts _outcomes = new();

    public void Record(string? customer, in ProcessedCall call)
    {
        lock (_lock)
        {
            _tracker.Record(customer, call);
        }
    }

    /// <summary>Call it after everything about a request was recorded. It completes the waiters of <see cref="WaitForProcessed"/>.</summary>
    public void OnRecorded()
    {
        lock (_lock)
        {
            if (_waiters.Count > 0)
            {
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
            (_tracker, _sends, _outcomes) = (new OrderTracker(), new SendTracker(), new OutcomeCounts());
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
