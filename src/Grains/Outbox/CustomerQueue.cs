using CioOrleans.Customers;

namespace CioOrleans.Grains.Outbox;

/// <summary>A part of one customer's queue.</summary>
/// <param name="Rows">In the order of their sequences.</param>
/// <param name="LastSequence">The highest sequence ever given to a call of this customer, including calls that have ended; 0 if there is none.</param>
/// <param name="HasMore">Whether rows follow the last one of <paramref name="Rows"/>.</param>
public sealed record CustomerQueue(IReadOnlyList<OutboxRow> Rows, long LastSequence, bool HasMore)
{
    /// <summary>The dead letter that holds the queue; null if none does.</summary>
    public HeldCall? Held { get; init; }
}

/// <summary>A customer whose queue is not empty, and its head.</summary>
public readonly record struct CustomerHead(string Customer, HeadState Head);

/// <summary>Some customers whose queues are not empty.</summary>
/// <param name="Heads">Each customer at most once in a page.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
/// <param name="Position">Pass it to <see cref="IOutbox.ReadNewWorkAsync"/> to read calls that were appended after this page was read.</param>
public sealed record HeadPage(IReadOnlyList<CustomerHead> Heads, long? Next, long Position);
