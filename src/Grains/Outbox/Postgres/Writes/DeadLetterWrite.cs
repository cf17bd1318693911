namespace CioOrleans.Outbox.Postgres.Writes;

internal sealed class DeadLetterWrite(RowKey row, int attempts, string reason, DateTimeOffset diedAt, RowKey? alongWith) : RowWrite
{
    public override void CollectCustomers(CustomerIds customers)
    {
        customers.Want(row.Customer);
        if (alongWith is { } other)
        {
            customers.Want(other.Customer);
        }
    }

    public override void AddTo(WriteBatch batch)
    {
        batch.Bury(row, attempts, reason, diedAt);
        if (alongWith is { } other)
        {
            batch.Remove(other);
        }
    }
}
