using CioOrleans.Grains.Outbox;

namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class CompleteWrite(IReadOnlyList<RowKey> rows) : RowWrite
{
    public override int Size => 128 * rows.Count;

    public override void CollectCustomers(CustomerIds customers)
    {
        foreach (var row in rows)
        {
            customers.Want(row.Customer);
        }
    }

    public override void AddTo(WriteBatch batch)
    {
        foreach (var row in rows)
        {
            batch.Remove(row);
        }
    }
}
