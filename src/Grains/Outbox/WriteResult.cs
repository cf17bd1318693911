namespace CioOrleans.Outbox;

/// <summary>What became of a change to stored rows.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>The change is on stable storage. Rows that were already gone count as changed: every write may be repeated.</summary>
    public sealed record Written : WriteResult
    {
        public static Written Instance { get; } = new();
    }

    /// <summary>Nothing was changed: see <see cref="IOutbox.BeginSendAsync"/>.</summary>
    public sealed record Refused : WriteResult
    {
        public static Refused Instance { get; } = new();
    }

    /// <summary>Nothing was stored: the disk is full, the database is away.</summary>
    public sealed record Unavailable(string Reason) : WriteResult;
}
