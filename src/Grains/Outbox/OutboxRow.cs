using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Grains.Outbox;

/// <summary>A stored call that waits.</summary>
/// <param name="Customer">The customer in whose queue the call is.</param>
/// <param name="Sequence">The call's number in the queue; ascending, with gaps.</param>
/// <param name="Call">The call.</param>
/// <param name="Attempts">Counted attempts of the call.</param>
/// <param name="NotBefore">The end of the back-off (UTC); null if there is none.</param>
/// <param name="LastError">Why the last attempt failed; null if none has failed.</param>
/// <param name="SendAttempt">
/// For a send: the mark of an attempt that has begun and whose end is not stored; null if there is none. A mark found after a restart means that the outcome of
/// the attempt is unknown.
/// </param>
public sealed record OutboxRow(
    CustomerAddress Customer,
    long Sequence,
    Call Call,
    int Attempts = 0,
    DateTimeOffset? NotBefore = null,
    string? LastError = null,
    Guid? SendAttempt = null)
{
    public RowKey Key => new(Customer, Sequence, Call.Id);
}

/// <summary>Names one stored call. The call's id is part of the key, because a twin of a grain may have given the same sequence to another call.</summary>
public readonly record struct RowKey(CustomerAddress Customer, long Sequence, Ulid CallId);
