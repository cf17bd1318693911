namespace CioOrleans.Sandbox.Reporting;

/// <summary>Checks the order and the repeats of calls as they are processed. Not thread-safe.</summary>
internal sealed class OrderTracker
{
    private const int MaxProblems = 100;

    private readonly Dictionary<string, CustomerCalls> _customers = new(StringComparer.Ordinal);
    private readonly SeenIds _eventIds = new();
    private readonly List<OrderProblem> _problems = [];
    private long _distinct;
    private long _span;
    private long _violations;
    private long _duplicates;
    private long _staleDuplicates;
    private long _otherIds;
    private long _otherTimestamps;
    private long _eventIdDuplicates;

    public long Processed { get; private set; }

    /// <summary>Counts a call that took effect.</summary>
    /// <param name="customer">Its ordering key; null if it has no order.</param>
    /// <param name="call">The call.</param>
    public void Record(string? customer, in ProcessedCall call)
    {
        Processed++;
        if (call.IsEvent && call.EventId != 0 && !_eventIds.Add(call.EventId))
        {
            _eventIdDuplicates++;
        }

        if (customer is null)
        {
            return;
        }

        if (!_customers.TryGetValue(customer, out var calls))
        {
            _customers.Add(customer, calls = new CustomerCalls());
        }

        calls.Calls++;
        if (call.Seq is { } seq)
        {
            RecordSeq(customer, calls, seq, call);
        }
    }

    public CustomerReport? Customer(string customer) =>
        _customers.TryGetValue(customer, out var calls) ? Describe(customer, calls) : null;

    public IReadOnlyList<CustomerReport> Customers(int limit) => [.. _customers.Take(limit).Select(c => Describe(c.Key, c.Value))];

    public OrderReport Report() => new()
    {
        Processed = Processed,
        Customers = _customers.Count,
        DistinctSeqs = _distinct,
        MissingSeqs = _span - _distinct,
        OrderViolations = _violations,
        Duplicates = _duplicates,
        StaleDuplicates = _staleDuplicates,
        DuplicatesWithAnotherId = _otherIds,
        DuplicatesWithAnotherTimestamp = _otherTimestamps,
        DistinctEventIds = _eventIds.Count,
        EventIdDuplicates = _eventIdDuplicates,
        Problems = [.. _problems],
    };

    private static CustomerReport Describe(string customer, CustomerCalls calls) =>
        new(customer, calls.Calls, calls.Distinct, calls.Span - calls.Distinct, calls.OrderViolations, calls.Duplicates);

    private void RecordSeq(string customer, CustomerCalls calls, long seq, in ProcessedCall call)
    {
        var highest = calls.Distinct == 0 ? seq : calls.Highest;
        var span = calls.Span;
        var identity = CallIdentity.Of(call);
        if (calls.WasProcessed(seq, identity, out var first))
        {
            calls.Duplicates++;
            RecordDuplicate(customer, seq, highest, call.IsEvent, identity, first);
            return;
        }

        _distinct++;
        _span += calls.Span - span;
        if (seq < highest)
        {
            calls.OrderViolations++;
            _violations++;
            Note(customer, "order", seq, highest);
        }
    }

    private void RecordDuplicate(string customer, long seq, long highest, bool isEvent, CallIdentity identity, CallIdentity first)
    {
        _duplicates++;
        _staleDuplicates += seq < highest ? 1 : 0;
        _otherIds += isEvent && (identity.EventId == 0 || identity.EventId != first.EventId) ? 1 : 0;
        _otherTimestamps += identity.Timestamp != first.Timestamp ? 1 : 0;
        Note(customer, seq < highest ? "stale-duplicate" : "duplicate", seq, highest);
    }

    private void Note(string customer, string kind, long seq, long highest)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(new OrderProblem(customer, kind, seq, highest, Processed));
        }
    }
}
