namespace CioOrleans.Postgres.Outbox.Writes;

/// <summary>A change that waits for its group's commit, with the task of its caller.</summary>
internal abstract class PendingWrite
{
    /// <summary>The approximate size of a row without its texts, in bytes.</summary>
    public const int RowSize = 128;

    /// <summary>The approximate size in memory and on the wire, in bytes.</summary>
    public virtual int Size => RowSize;

    /// <summary>Whether the write is refused when the queue of writes is full. False for a write that makes the outbox smaller.</summary>
    public virtual bool MayBeShed => false;

    /// <summary>
    /// Whether a commit could not decide about this write within its group. Then the group is stored without it, and it must be posted again, alone.
    /// </summary>
    public virtual bool IsUndecided => false;

    /// <summary>Requests the customers whose ids <see cref="AddTo"/> needs.</summary>
    public abstract void CollectCustomers(CustomerIds customers);

    /// <summary>Adds the change to a transaction. Called again if the transaction is repeated.</summary>
    public abstract void AddTo(WriteBatch batch);

    /// <summary>The commit is on stable storage.</summary>
    public abstract void Committed();

    /// <summary>The write is not known to be stored.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="mayBeStored">Whether it was sent to the database and the answer of its commit was lost.</param>
    public abstract void Failed(string reason, bool mayBeStored);
}
