using CioOrleans.Grains.History;
using CioOrleans.History;

namespace CioOrleans.Sqlite.History;

/// <summary>
/// Counts rows of the history that were stored, deleted or dropped. It outlives the writer's sessions. Used by the writer's thread only, except for the totals.
/// </summary>
internal sealed class HistoryTally
{
    private long _dropped;
    private long _rows;
    private long _bytes;

    /// <summary>Rows that were not stored since the start of the process. Safe for use from all threads.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Stored rows less deleted ones since the start of the process. Safe for use from all threads.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>As <see cref="Rows"/>: what they take on the disk.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The number of rows that are missing since the last row was stored.</summary>
    public long Count { get; private set; }

    /// <summary>The time of the first of them.</summary>
    public long From { get; private set; }

    /// <summary>Whether a note about them is stored, without their number.</summary>
    public bool IsNoted { get; set; }

    /// <summary>Rows were stored; negative for deleted ones.</summary>
    public void OnStored(int rows, long bytes)
    {
        Volatile.Write(ref _rows, _rows + rows);
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    /// <summary>A row is not stored.</summary>
    public void OnDropped(HistoryRow row)
    {
        Volatile.Write(ref _dropped, _dropped + 1);
        From = Count++ == 0 ? row.Sent ?? row.Ended : Math.Min(From, row.Sent ?? row.Ended);
    }

    /// <summary>Rows are stored again: what is to be noted.</summary>
    public HistoryNote.RowsDropped Take(long at)
    {
        var note = new HistoryNote.RowsDropped(at, From, Count);
        (Count, IsNoted) = (0, false);
        return note;
    }
}
