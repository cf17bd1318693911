using CioOrleans.Auditing;

namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class AuditWrite(AuditEntry entry, DateTimeOffset forgetBefore) : RowWrite
{
    public override int Size => 128 + entry.Selection.Length;

    public override void Apply(WriterSession session) => session.StoreAudit(entry, forgetBefore);
}
