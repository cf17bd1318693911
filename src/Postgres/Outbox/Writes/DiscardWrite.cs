namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class DiscardWrite(string workspace, Ulid id, DateTimeOffset now) : RowWrite
{
    /// <summary>Whether the dead letter existed; known once the write has ended.</summary>
    public bool Found { get; private set; }

    public override void CollectCustomers(CustomerIds customers) => customers.Want(workspace);

    public override void AddTo(WriteBatch batch)
    {
        Found = false;
        batch.Discard(workspace, id, now, () => Found = true);
    }
}
