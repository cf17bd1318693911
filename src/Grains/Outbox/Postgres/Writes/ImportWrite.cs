namespace CioOrleans.Outbox.Postgres.Writes;

internal sealed class ImportWrite(string workspace, Ulid import, string state) : RowWrite
{
    public override void CollectCustomers(CustomerIds customers) => customers.Want(workspace);

    public override void AddTo(WriteBatch batch) => batch.StoreImport(workspace, import, state);
}
