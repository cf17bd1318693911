using CioOrleans.Auditing;

namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class AuditWrite(AuditEntry entry, DateTimeOffset forgetBefore) : RowWrite
{
    public override int Size => 128 + entry.Selection.Length;

    public override void CollectCustomers(CustomerIds customers)
    {
    }

    public override void AddTo(WriteBatch batch) => batch.StoreAudit(entry, forgetBefore);
}
