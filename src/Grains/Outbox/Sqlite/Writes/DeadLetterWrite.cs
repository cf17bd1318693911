namespace CioOrleans.Outbox.Sqlite.Writes;

internal sealed class DeadLetterWrite(RowKey row, int attempts, string reason, DateTimeOffset diedAt) : RowWrite
{
    public override void Apply(WriterSession session) => session.Bury(row, attempts, reason, diedAt);
}
