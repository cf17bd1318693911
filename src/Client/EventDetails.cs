namespace CioOrleans.Client;

/// <summary>An event or a view, as the caller described it.</summary>
internal readonly record struct EventDetails(string Name, object? Data, Ulid? Id, DateTimeOffset? Timestamp);
