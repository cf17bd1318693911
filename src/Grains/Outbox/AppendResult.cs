namespace CioOrleans.Outbox;

/// <summary>What became of an append.</summary>
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

    /// <summary>The sequence is taken: somebody else writes this customer's queue. This row alone was refused.</summary>
    public sealed record Conflict : AppendResult
    {
        public static Conflict Instance { get; } = new();
    }

    /// <summary>The deadline had passed. This row alone was refused.</summary>
    public sealed record Expired : AppendResult
    {
        public static Expired Instance { get; } = new();
    }

    /// <summary>The row is not known to be stored: the disk is full, the database is away.</summary>
    /// <param name="Reason">Why, without payload.</param>
    public sealed record Unavailable(string Reason) : AppendResult
    {
        /// <summary>There is no room for more calls; ends are stored all the same.</summary>
        public bool IsDiskFull { get; init; }

        /// <summary>Whether it may be stored all the same: the commit was under way when it failed.</summary>
        public bool MayBeStored { get; init; }
    }
}
