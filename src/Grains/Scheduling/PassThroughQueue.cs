using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

/// <summary>Live callers that wait for a permit of one limit group, first come first served.</summary>
internal sealed class PassThroughQueue
{
    private readonly LinkedList<(long Ticket, LimitClass Class)> _waiting = new();
    private readonly Dictionary<long, LinkedListNode<(long Ticket, LimitClass Class)>> _byTicket = [];

    public int Count => _waiting.Count;

    public void Add(long ticket, LimitClass limitClass) => _byTicket.Add(ticket, _waiting.AddLast((ticket, limitClass)));

    public bool Remove(long ticket)
    {
        if (!_byTicket.Remove(ticket, out var node))
        {
            return false;
        }

        _waiting.Remove(node);
        return true;
    }

    public (long Ticket, LimitClass Class) RemoveFirst()
    {
        var first = _waiting.First!.Value;
        Remove(first.Ticket);
        return first;
    }
}
