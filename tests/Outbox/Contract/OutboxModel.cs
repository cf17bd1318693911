using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

/// <summary>What an outbox is, without storage.</summary>
internal sealed class OutboxModel
{
    public Dictionary<CustomerAddress, ModelQueue> Queues { get; } = [];

    public SortedDictionary<Ulid, OutboxRow> DeadLetters { get; } = [];

    public ModelQueue Queue(CustomerAddress customer)
    {
        if (!Queues.TryGetValue(customer, out var queue))
        {
            Queues.Add(customer, queue = new ModelQueue());
        }

        return queue;
    }

    /// <summary>False when the sequence was given out before.</summary>
    public bool Append(OutboxRow row)
    {
        var queue = Queue(row.Customer);
        if (row.Sequence <= queue.Last)
        {
            return false;
        }

        queue.Last = row.Sequence;
        queue.Rows.Add(row);
        return true;
    }
}
