using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class DeadLetterWrite(RowKey row, int attempts, string reason, DateTimeOffset diedAt, bool isOutcomeUnknown) : RowWrite
{
    public override void Apply(WriterSession session) => session.MakeDeadLetter(row, attempts, reason, diedAt, isOutcomeUnknown);
}
