namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class ForgetSendsWrite(string workspace, DateTimeOffset before, int limit) : RowWrite
{
    /// <summary>Whether the limit was reached; known once the write has ended.</summary>
    public bool MayHaveMore { get; private set; }

    public override void Apply(WriterSession session) => MayHaveMore = session.ForgetSends(workspace, before, limit);
}
