using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Outbox;

/// <summary>A call that waits in the outbox.</summary>
/// <param name="Customer">Whose queue it stands in.</param>
/// <param name="Sequence">Its place there; ascending, with gaps.</param>
/// <param name="Call">The call.</param>
/// <param name="Attempts">Attempts counted against it.</param>
/// <param name="NotBefore">Not to be tried before (UTC); null when it may go at once.</param>
/// <param name="LastError">Why the last attempt failed; null when none has.</param>
/// <param name="SendAttempt">
/// Of a send: names the attempt that has begun and whose end is not stored; null where none has. After a restart it means that the outcome of that attempt
/// is unknown.
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
