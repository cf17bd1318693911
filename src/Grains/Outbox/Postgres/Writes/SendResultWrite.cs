namespace CioOrleans.Outbox.Postgres.Writes;

internal sealed class SendResultWrite(string workspace, Ulid id, SendResult result, DateTimeOffset forgetBefore) : RowWrite
{
    public override int Size => 128 + result.Body.Length;

    public override void CollectCustomers(CustomerIds customers) => customers.Want(workspace);

    public override void AddTo(WriteBatch batch) => batch.StoreSendResult(workspace, id, result, forgetBefore);
}
