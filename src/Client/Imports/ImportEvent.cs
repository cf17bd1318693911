namespace CioOrleans.Client.Imports;

/// <summary>An event of a person in an import. It is sent after the person's attributes.</summary>
/// <param name="Name">At most <see cref="Calls.CallLimits.MaxEventNameBytes"/> bytes of UTF-8.</param>
/// <param name="Data">Any value that System.Text.Json writes as a JSON object; null for none.</param>
/// <param name="Timestamp">When the event happened (default: when it is accepted).</param>
/// <param name="Id">Customer.io recognises a repeat by this id (default: derived from the import, the person and the event, so that a repeated line counts
/// once).</param>
public sealed record ImportEvent(string Name, object? Data = null, DateTimeOffset? Timestamp = null, Ulid? Id = null);
