namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class TakeLeaseWrite(string workspace) : RowWrite
{
    /// <summary>The new epoch; known once the write has ended.</summary>
    public long Epoch { get; private set; }

    /// <summary>Whether the lease before was given back, or there was none; known once the write has ended.</summary>
    public bool PredecessorReleased { get; private set; }

    public override void Apply(WriterSession session) => (Epoch, PredecessorReleased) = session.TakeLease(workspace);
}
