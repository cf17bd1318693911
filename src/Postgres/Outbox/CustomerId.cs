namespace CioOrleans.Postgres.Outbox;

/// <summary>The numbers of a customer and of its workspace in the database.</summary>
internal readonly record struct CustomerId(short Workspace, long Customer);
