using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

/// <summary>What an outbox is, without storage.</summary>
internal sealed class OutboxModel
{
    public Dictionary<CustomerAddress, ModelQueue> Queues { get; } = [];

    public SortedDictionary<Ulid, OutboxRow> DeadLetters { get; } = [];

    /// <summary>The dead letters that hold the queues of their customers.</summary>
    public HashSet<Ulid> Held { get; } = [];

    /// <summary>The dead letter that holds a customer's queue; null if none does.</summary>
    public OutboxRow? HeldOf(CustomerAddress customer) => DeadLetters.Values.Where(row => row.Customer == customer && Held.Contains(row.Call.Id)).MinBy(row => row.Sequence);

    /// <summary>Puts a dead letter back to its place.</summary>
    public void Restore(OutboxRow row)
    {
        DeadLetters.Remove(row.Call.Id);
        Held.Remove(row.Call.Id);
        var rows = Queue(row.Customer).Rows;
        rows.Insert(rows.FindIndex(other => other.Sequence > row.Sequence) is >= 0 and var place ? place : rows.Count, new OutboxRow(row.Customer, row.Sequence, row.Call));
    }

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
