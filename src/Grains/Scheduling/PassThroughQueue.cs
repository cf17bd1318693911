using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>Callers that wait for a permit of one limit group and host, in the order of their arrival.</summary>
internal sealed class PassThroughQueue
{
    private readonly LinkedList<Caller> _waiting = new();
    private readonly Dictionary<long, LinkedListNode<Caller>> _byTicket = [];

    public int Count => _waiting.Count;

    /// <summary>The number of the first caller. At least one must be waiting.</summary>
    public long FirstNumber => _waiting.First!.Value.Number;

    /// <param name="ticket">Unique among the waiting callers.</param>
    /// <param name="limitClass">The class whose tokens the request needs.</param>
    /// <param name="number">Higher than that of every earlier caller.</param>
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
