using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class BeginSendWrite(RowKey row, Guid attempt) : RowWrite
{
    private bool _hasBegun;

    protected override WriteResult Outcome => _hasBegun ? WriteResult.Written.Instance : WriteResult.Refused.Instance;

    public override void Apply(WriterSession session) => _hasBegun = session.BeginSend(row, attempt);
}
