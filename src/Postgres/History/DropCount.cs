using CioOrleans.Grains.History;

namespace CioOrleans.Postgres.History;

/// <summary>Counts rows of the history that could not be stored. Safe for use from all threads.</summary>
internal sealed class DropCount
{
    private readonly Lock _gate = new();
    private long _total;
    private long _count;
    private long _from;

    /// <summary>Since the start of the process.</summary>
    public long Total => Volatile.Read(ref _total);

    public void Add(long count, long from)
    {
        lock (_gate)
        {
            _total += count;
            _from = _count == 0 ? from : Math.Min(_from, from);
            _count += count;
        }
    }

    /// <summary>What is to be noted; null if nothing was dropped since the last call.</summary>
    public HistoryNote.RowsDropped? Take(long now)
    {
        lock (_gate)
        {
            var note = _count == 0 ? null : new HistoryNote.RowsDropped(now, _from, _count);
            _count = 0;
            return note;
        }
    }
}
