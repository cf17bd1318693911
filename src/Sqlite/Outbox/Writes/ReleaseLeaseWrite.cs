namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class ReleaseLeaseWrite(string workspace, long epoch) : RowWrite
{
    public override void Apply(WriterSession session) => session.ReleaseLease(workspace, epoch);
}
