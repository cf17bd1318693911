using CioOrleans.Grains.Outbox;

namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class PostponeWrite(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent) : RowWrite
{
    public override void CollectCustomers(CustomerIds customers) => customers.Want(row.Customer);

    public override void AddTo(WriteBatch batch) => batch.Postpone(row, attempts, notBefore, error, unsent);
}
