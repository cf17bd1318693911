using CioOrleans.Customers;

namespace CioOrleans.Simulation;

/// <summary>A customer grain and its part of the outbox: what is here survives every restart.</summary>
internal sealed class SimulatedCustomer(string name)
{
    private Queue<SimulatedCall> _queue = new();
    private int _attempts;
    private DateTimeOffset? _notBefore;

    public string Name { get; } = name;

    /// <summary>A request of this customer is on its way: there is never a second one.</summary>
    public bool IsSending { get; set; }

    /// <summary>The request that has the head, until what became of it is stored; null where none has.</summary>
    public SimulatedRequest? Holder { get; set; }

    /// <summary>The permit that was granted last, of those that the grain has seen; null where it has seen none.</summary>
    public SimulatedRequest? Newest { get; set; }

    public bool IsInSweep { get; set; }

    /// <summary>When the head became the head.</summary>
    public TimeSpan HeadSince { get; private set; }

    /// <summary>How many customers had work at that moment, this one among them.</summary>
    public int CompetitorsAtHeadSince { get; private set; }

    public long LastSequence { get; private set; }

    public int Waiting => _queue.Count;

    public int Attempts => _attempts;

    public SimulatedCall Call => _queue.Peek();

    /// <summary>The dead letter that holds the queue; null where none does.</summary>
    public SimulatedCall? Held { get; set; }

    public HeadState Head => Next with { IsHeld = Held is not null };

    private HeadState Next => _queue.TryPeek(out var call) ? HeadState.Of(call.Class, call.Priority, _attempts, _notBefore) : HeadState.Empty;

    /// <summary>True when the queue was empty: then a hint has to be sent.</summary>
    public bool Append(SimulatedCall call, TimeSpan now, int competitors)
    {
        _queue.Enqueue(call with { Sequence = ++LastSequence });
        if (_queue.Count > 1)
        {
            return false;
        }

        Restart(now, competitors);
        return true;
    }

    public bool IsHead(long sequence) => _queue.TryPeek(out var call) && call.Sequence == sequence;

    public void RemoveHead(TimeSpan now, int competitors)
    {
        _queue.Dequeue();
        Restart(now, competitors);
    }

    /// <summary>Removes what waits, but for a head that is in flight. Returns the calls.</summary>
    public IReadOnlyList<SimulatedCall> Discard(bool keepsHead, TimeSpan now, int competitors)
    {
        List<SimulatedCall> discarded = [.. _queue.Skip(keepsHead ? 1 : 0)];
        var head = keepsHead ? _queue.Peek() : default;
        _queue.Clear();
        if (keepsHead)
        {
            _queue.Enqueue(head);
        }
        else
        {
            Restart(now, competitors);
        }

        return discarded;
    }

    /// <summary>Puts the dead letter that holds the queue back to its place.</summary>
    public void ReplayHeld(SimulatedCall call, TimeSpan now, int competitors)
    {
        Held = null;
        _queue = new Queue<SimulatedCall>(_queue.Prepend(call));
        Restart(now, competitors);
    }

    public void Postpone(long sequence, int attempts, DateTimeOffset notBefore)
    {
        if (IsHead(sequence))
        {
            _attempts = attempts;
            _notBefore = notBefore;
        }
    }

    private void Restart(TimeSpan now, int competitors)
    {
        HeadSince = now;
        CompetitorsAtHeadSince = competitors;
        _attempts = 0;
        _notBefore = null;
    }
}
