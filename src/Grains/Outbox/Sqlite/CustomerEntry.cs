namespace CioOrleans.Outbox.Sqlite;

/// <summary>What the writer knows of a customer without asking the database.</summary>
internal sealed class CustomerEntry(long id, long workspaceId, long lastSequence)
{
    public long Id => id;

    public long WorkspaceId => workspaceId;

    /// <summary>The highest sequence ever given out.</summary>
    public long LastSequence { get; set; } = lastSequence;
}
