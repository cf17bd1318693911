namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class ImportWrite(string workspace, Ulid import, string state, DateTimeOffset forgetBefore) : RowWrite
{
    public override void Apply(WriterSession session) => session.StoreImport(workspace, import, state, forgetBefore);
}
