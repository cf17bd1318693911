using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Collects a part of one customer's queue: at least one row, then more until either maximum is reached.</summary>
internal sealed class QueuePage(CustomerAddress customer, int maxRows, int maxBytes)
{
    private readonly List<OutboxRow> _rows = [];
    private long _bytes;

    public IReadOnlyList<OutboxRow> Rows => _rows;

    public bool HasRoom => _rows.Count == 0 || (_rows.Count < maxRows && _bytes < maxBytes);

    public void Add(long sequence, Call call, int attempts = 0, DateTimeOffset? notBefore = null, string? lastError = null, Guid? sendAttempt = null)
    {
        _rows.Add(new OutboxRow(customer, sequence, call, attempts, notBefore, lastError, sendAttempt));
        _bytes += CallColumns.SizeOf(call);
    }
}
