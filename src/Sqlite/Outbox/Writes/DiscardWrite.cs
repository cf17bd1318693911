namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class DiscardWrite(string workspace, Ulid id, DateTimeOffset now) : RowWrite
{
    /// <summary>Whether the dead letter existed; known once the write has ended.</summary>
    public bool Found { get; private set; }

    public override void Apply(WriterSession session) => Found = session.Discard(workspace, id, now);
}
