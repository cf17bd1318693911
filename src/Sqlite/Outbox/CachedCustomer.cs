namespace CioOrleans.Sqlite.Outbox;

/// <summary>The writer's cached data of a customer.</summary>
internal sealed class CachedCustomer(long id, long workspaceId, long lastSequence)
{
    public long Id => id;

    public long WorkspaceId => workspaceId;

    /// <summary>The highest sequence ever given to a call of the customer.</summary>
    public long LastSequence { get; set; } = lastSequence;
}
