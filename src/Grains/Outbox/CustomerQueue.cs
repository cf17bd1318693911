namespace CioOrleans.Outbox;

/// <summary>A stretch of one customer's queue.</summary>
/// <param name="Rows">In the order of their sequences.</param>
/// <param name="LastSequence">The highest sequence ever given out for this customer, delivered calls included; 0 when none was.</param>
/// <param name="HasMore">Whether rows follow the last one of <paramref name="Rows"/>.</param>
public sealed record CustomerQueue(IReadOnlyList<OutboxRow> Rows, long LastSequence, bool HasMore);
