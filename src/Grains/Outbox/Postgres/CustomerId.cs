namespace CioOrleans.Outbox.Postgres;

/// <summary>A customer's number in the database, and its workspace's.</summary>
internal readonly record struct CustomerId(short Workspace, long Customer);
