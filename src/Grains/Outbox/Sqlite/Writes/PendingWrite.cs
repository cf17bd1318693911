namespace CioOrleans.Outbox.Sqlite.Writes;

/// <summary>A change that waits for its group's commit, and whoever waits for the change.</summary>
internal abstract class PendingWrite
{
    /// <summary>What it takes up in memory and in the log, roughly, in bytes.</summary>
    public virtual int Size => 128;

    /// <summary>False for what must still be taken when the queue of writes, or the disk, is full: it makes the outbox smaller, or an operator asked for it.</summary>
    public virtual bool MayBeShed => false;

    /// <summary>Makes the change within the group's transaction.</summary>
    public abstract void Apply(WriterSession session);

    /// <summary>The commit is on stable storage.</summary>
    public abstract void Committed();

    /// <summary>The group was not stored, as far as is known.</summary>
    public abstract void Failed(WriteFailure failure);
}
