namespace CioOrleans.Outbox.Postgres.Writes;

/// <summary>A change that waits for its group's commit, and whoever waits for the change.</summary>
internal abstract class PendingWrite
{
    /// <summary>What it takes up in memory and on the wire, roughly, in bytes.</summary>
    public virtual int Size => 128;

    /// <summary>False for what must still be taken when the queue of writes is full: it makes the outbox smaller.</summary>
    public virtual bool MayBeShed => false;

    /// <summary>
    /// True after a commit that could not decide about it within a group: it must be handed in again, alone. Its group is stored,
    /// and nothing of this write is.
    /// </summary>
    public virtual bool IsUndecided => false;

    /// <summary>Names the customers whose ids <see cref="AddTo"/> will need.</summary>
    public abstract void CollectCustomers(CustomerIds customers);

    /// <summary>Adds the change to a transaction. Called again if it is repeated.</summary>
    public abstract void AddTo(WriteBatch batch);

    /// <summary>The commit is on stable storage.</summary>
    public abstract void Committed();

    /// <summary>The write is not known to be stored.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="mayBeStored">Whether it was handed to the database, and the answer of its commit was lost.</param>
    public abstract void Failed(string reason, bool mayBeStored);
}
