namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class PauseWrite(string workspace, string? reason) : RowWrite
{
    public override void CollectCustomers(CustomerIds customers) => customers.Want(workspace);

    public override void AddTo(WriteBatch batch) => batch.Pause(workspace, reason);
}
