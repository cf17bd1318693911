namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class PauseWrite(string workspace, string? reason) : RowWrite
{
    public override void Apply(WriterSession session) => session.Pause(workspace, reason);
}
