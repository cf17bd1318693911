namespace CioOrleans.Sandbox.Reporting;

/// <summary>
/// Every arrival: its moment and its class, 8 bytes each. Entries never change once written and lie in blocks that never move, so a
/// snapshot costs nothing and is read without a lock. The caller serialises <see cref="Add"/> and <see cref="Snapshot"/>, and never goes back in time.
/// </summary>
internal sealed class ArrivalLog
{
    internal const int BlockBits = 13;
    internal const int BlockLength = 1 << BlockBits;

    private readonly List<long[]> _blocks = [];
    private int _count;

    public void Add(EndpointClass endpointClass, TimeSpan at)
    {
        if (_count == _blocks.Count * BlockLength)
        {
            _blocks.Add(new long[BlockLength]);
        }

        _blocks[^1][_count % BlockLength] = (at.Ticks << ArrivalSnapshot.ClassBits) | (long)endpointClass;
        _count++;
    }

    public ArrivalSnapshot Snapshot() => new([.. _blocks], _count);
}
