namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class SecretWrite(string name, byte[] value) : RowWrite
{
    public override void CollectCustomers(CustomerIds customers)
    {
    }

    public override void AddTo(WriteBatch batch) => batch.AddSecret(name, value);
}
