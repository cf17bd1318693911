namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class SecretWrite(string name, byte[] value) : RowWrite
{
    public override void Apply(WriterSession session) => session.AddSecret(name, value);
}
