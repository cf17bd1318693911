using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class EndSendWrite(RowKey row, SendResult answer, SendRefusal? refusal) : RowWrite
{
    public override int Size => 128 + answer.Body.Length;

    public override void Apply(WriterSession session) => session.EndSend(row, answer, refusal);
}
