using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Postgres.Outbox;

/// <summary>A read of a customer's queue that waits for its group.</summary>
internal sealed class QueueRead(CustomerAddress customer, long afterSequence, int maxRows, int maxBytes)
{
    private readonly TaskCompletionSource<CustomerQueue> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<OutboxRow> _rows = [];

    public Task<CustomerQueue> Result => _completion.Task;

    public CustomerAddress Customer => customer;

    public long AfterSequence => afterSequence;

    public int MaxRows => maxRows;

    public int MaxBytes => maxBytes;

    /// <summary>The highest sequence ever given to a call of the customer; 0 if the database does not know the customer.</summary>
    public long LastSequence { get; set; }

    /// <summary>Whether rows follow the last one that was added.</summary>
    public bool HasMore { get; set; }

    /// <summary>The dead letter that holds the queue; null if none does.</summary>
    public HeldCall? Held { get; set; }

    /// <summary>Drops the results of a failed attempt.</summary>
    public void Start()
    {
        _rows.Clear();
        (LastSequence, HasMore, Held) = (0, false, null);
    }

    public void Add(OutboxRow row) => _rows.Add(row);

    public void Complete() => _completion.SetResult(new CustomerQueue(_rows, LastSequence, HasMore) { Held = Held });

    public void Fail(Exception exception) => _completion.SetException(exception);
}
