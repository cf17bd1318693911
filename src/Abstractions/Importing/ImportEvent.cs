namespace CioOrleans.Importing;

/// <summary>An event to track for a person of an import, behind the person's attributes.</summary>
/// <param name="Name">At most <see cref="Calls.CallLimits.MaxEventNameBytes"/> bytes of UTF-8.</param>
/// <param name="Data">What System.Text.Json writes as a JSON object; null for none.</param>
/// <param name="Timestamp">When it happened (default: when it is accepted).</param>
/// <param name="Id">By this Customer.io recognises a repeat (default: made of the import, the person and the event, so that a repeated line counts once).</param>
public sealed record ImportEvent(string Name, object? Data = null, DateTimeOffset? Timestamp = null, Ulid? Id = null);
