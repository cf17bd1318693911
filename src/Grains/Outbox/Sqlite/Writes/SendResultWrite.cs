namespace CioOrleans.Outbox.Sqlite.Writes;

internal sealed class SendResultWrite(string workspace, Ulid id, SendResult result, DateTimeOffset forgetBefore) : RowWrite
{
    public override int Size => 128 + result.Body.Length;

    public override void Apply(WriterSession session) => session.StoreSendResult(workspace, id, result, forgetBefore);
}
