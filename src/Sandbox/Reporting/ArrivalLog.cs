namespace CioOrleans.Sandbox.Reporting;

/// <summary>
/// Stores the moment and the class of every arrival, in 8 bytes. Entries do not change and are in blocks that do not move, so a snapshot costs nothing
/// and is read without a lock. The caller serialises <see cref="Add"/> and <see cref="Snapshot"/>; its clock must not go back.
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
