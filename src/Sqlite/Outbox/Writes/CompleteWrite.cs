using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox.Writes;

internal sealed class CompleteWrite(IReadOnlyList<RowKey> rows) : RowWrite
{
    public override int Size => 128 * rows.Count;

    public override void Apply(WriterSession session)
    {
        foreach (var row in rows)
        {
            session.Remove(row);
        }
    }
}
