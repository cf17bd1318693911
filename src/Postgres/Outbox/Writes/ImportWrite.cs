namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class ImportWrite(string workspace, Ulid import, string state, DateTimeOffset forgetBefore) : RowWrite
{
    public override void CollectCustomers(CustomerIds customers) => customers.Want(workspace);

    public override void AddTo(WriteBatch batch) => batch.StoreImport(workspace, import, state, forgetBefore);
}
