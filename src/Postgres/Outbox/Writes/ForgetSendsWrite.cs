namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class ForgetSendsWrite(string workspace, DateTimeOffset before, int limit) : RowWrite
{
    /// <summary>Whether the limit was reached; known once the write has ended.</summary>
    public bool MayHaveMore { get; private set; }

    public override void CollectCustomers(CustomerIds customers) => customers.Want(workspace);

    public override void AddTo(WriteBatch batch)
    {
        MayHaveMore = false;
        batch.ForgetSends(workspace, before, limit, () => MayHaveMore = true);
    }
}
