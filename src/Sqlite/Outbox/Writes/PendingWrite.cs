namespace CioOrleans.Sqlite.Outbox.Writes;

/// <summary>A change that waits for its group's commit, with the task of its caller.</summary>
internal abstract class PendingWrite
{
    /// <summary>The approximate size of a row without its texts, in bytes.</summary>
    public const int RowSize = 128;

    /// <summary>The approximate size in memory and in the log, in bytes.</summary>
    public virtual int Size => RowSize;

    /// <summary>
    /// Whether the write is refused when the queue of writes or the disk is full. False for a write that makes the outbox smaller or that an operator asked
    /// for.
    /// </summary>
    public virtual bool MayBeShed => false;

    /// <summary>Makes the change within the group's transaction.</summary>
    public abstract void Apply(WriterSession session);

    /// <summary>The commit is on stable storage.</summary>
    public abstract void Committed();

    /// <summary>The group is not known to be stored.</summary>
    public abstract void Failed(WriteFailure failure);
}
