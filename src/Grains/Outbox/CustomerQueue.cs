namespace CioOrleans.Grains.Outbox;

/// <summary>A part of one customer's queue.</summary>
/// <param name="Rows">In the order of their sequences.</param>
/// <param name="LastSequence">The highest sequence ever given to a call of this customer, including calls that have ended; 0 if there is none.</param>
/// <param name="HasMore">Whether rows follow the last one of <paramref name="Rows"/>.</param>
public sealed record CustomerQueue(IReadOnlyList<OutboxRow> Rows, long LastSequence, bool HasMore);
