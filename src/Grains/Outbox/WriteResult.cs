namespace CioOrleans.Grains.Outbox;

/// <summary>The result of a change to stored rows.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>The change is on stable storage. A row that was already gone counts as changed, so every write may be repeated.</summary>
    public sealed record Written : WriteResult
    {
        public static Written Instance { get; } = new();
    }

    /// <summary>Nothing was changed: see <see cref="IOutbox.BeginSendAsync"/>.</summary>
    public sealed record Refused : WriteResult
    {
        public static Refused Instance { get; } = new();
    }

    /// <summary>The change is not known to be stored: the disk is full, or the database cannot be reached.</summary>
    public sealed record Unavailable(string Reason) : WriteResult;
}
