using CioOrleans.Grains.Outbox;

namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class EndSendWrite(RowKey row, SendResult answer, SendRefusal? refusal) : RowWrite
{
    public override int Size => 128 + answer.Body.Length;

    public override void CollectCustomers(CustomerIds customers) => customers.Want(row.Customer);

    public override void AddTo(WriteBatch batch) => batch.EndSend(row, answer, refusal);
}
