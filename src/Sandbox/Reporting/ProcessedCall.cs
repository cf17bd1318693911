namespace CioOrleans.Sandbox.Reporting;

/// <summary>What the order report needs of a call that took effect.</summary>
/// <param name="Seq">The sender's number of the call within its customer; null if there is none.</param>
/// <param name="IsEvent">Whether Customer.io would recognise a repeat by its id.</param>
/// <param name="EventId">A hash of the event's <c>id</c>; 0 when it had none.</param>
/// <param name="Timestamp">A hash of its <c>timestamp</c> or <c>_timestamp</c>; 0 when it had none.</param>
internal readonly record struct ProcessedCall(long? Seq, bool IsEvent = false, ulong EventId = 0, ulong Timestamp = 0);
