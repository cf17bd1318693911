namespace CioOrleans.Dispatching;

/// <summary>What a caller says of an event or a view.</summary>
internal readonly record struct EventDetails(string Name, object? Data, Ulid? Id, DateTimeOffset? Timestamp);
