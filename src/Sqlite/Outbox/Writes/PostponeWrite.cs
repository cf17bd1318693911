using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class PostponeWrite(RowKey row, int attempts, DateTimeOffset notBefore, string error, Guid? unsent) : RowWrite
{
    public override void Apply(WriterSession session) => session.Postpone(row, attempts, notBefore, error, unsent);
}
