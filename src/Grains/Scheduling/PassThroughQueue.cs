using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

/// <summary>Live callers that wait for a permit of one limit group and host, first come first served.</summary>
internal sealed class PassThroughQueue
{
    private readonly LinkedList<Caller> _waiting = new();
    private readonly Dictionary<long, LinkedListNode<Caller>> _byTicket = [];

    public int Count => _waiting.Count;

    /// <summary>The number of the caller that came first. One must be waiting.</summary>
    public long FirstNumber => _waiting.First!.Value.Number;

    /// <param name="ticket">Unique among those that wait.</param>
    /// <param name="limitClass">Whose tokens it needs.</param>
    /// <param name="number">Higher for a caller that came later.</param>
    public void Add(long ticket, LimitClass limitClass, long number) => _byTicket.Add(ticket, _waiting.AddLast(new Caller(ticket, limitClass, number)));

    public void Remove(long ticket)
    {
        if (_byTicket.Remove(ticket, out var node))
        {
            _waiting.Remove(node);
        }
    }

    public (long Ticket, LimitClass Class) RemoveFirst()
    {
        var first = _waiting.First!.Value;
        Remove(first.Ticket);
        return (first.Ticket, first.Class);
    }

    private readonly record struct Caller(long Ticket, LimitClass Class, long Number);
}
