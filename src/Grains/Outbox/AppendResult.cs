namespace CioOrleans.Grains.Outbox;

/// <summary>The result of an append.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>The row is on stable storage.</summary>
    public sealed record Appended : AppendResult
    {
        public static Appended Instance { get; } = new();
    }

    /// <summary>The sequence is taken, because a twin of the grain also writes this customer's queue. Only this row was refused.</summary>
    public sealed record Conflict : AppendResult
    {
        public static Conflict Instance { get; } = new();
    }

    /// <summary>The deadline had passed. Only this row was refused.</summary>
    public sealed record Expired : AppendResult
    {
        public static Expired Instance { get; } = new();
    }

    /// <summary>The row is not known to be stored: the disk is full, or the database cannot be reached.</summary>
    /// <param name="Reason">Why, without payload.</param>
    public sealed record Unavailable(string Reason) : AppendResult
    {
        /// <summary>Whether there is no room for more calls. Ends are still stored.</summary>
        public bool IsDiskFull { get; init; }

        /// <summary>Whether the row may be stored nevertheless, because the commit itself failed.</summary>
        public bool MayBeStored { get; init; }
    }
}

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
