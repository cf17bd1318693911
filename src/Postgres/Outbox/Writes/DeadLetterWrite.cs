using CioOrleans.Grains.Outbox;

namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class DeadLetterWrite(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown) : RowWrite
{
    public override void CollectCustomers(CustomerIds customers) => customers.Want(row.Customer);

    public override void AddTo(WriteBatch batch) => batch.MakeDeadLetter(row, attempts, reason, diedAt, isOutcomeUnknown);
}
