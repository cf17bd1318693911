using CioOrleans.Delivery;
using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

/// <summary>Those who wait for, or hold, a permit to forward a request at once.</summary>
internal sealed class PassThroughDesk
{
    private readonly Dictionary<long, (LimitClass Class, TaskCompletionSource<Permit> Waiter)> _tickets = [];
    private long _lastTicket;

    /// <summary>Draws a ticket; the task ends when its permit is granted.</summary>
    public (long Ticket, Task<Permit> Permit) Enter(LimitClass limitClass)
    {
        var waiter = new TaskCompletionSource<Permit>(TaskCreationOptions.RunContinuationsAsynchronously);
        _tickets.Add(++_lastTicket, (limitClass, waiter));
        return (_lastTicket, waiter.Task);
    }

    /// <summary>Hands out a permit. False when nobody waits under that ticket any more.</summary>
    public bool Grant(long ticket, Permit permit) => _tickets.TryGetValue(ticket, out var held) && held.Waiter.TrySetResult(permit);

    /// <summary>Ends a ticket. True when a permit had been granted under it and must be given back to the scheduler.</summary>
    public bool Leave(long ticket) => _tickets.Remove(ticket, out var held) && held.Waiter.Task.IsCompleted;

    /// <summary>How many wait for a permit of a class.</summary>
    public int CountWaiting(LimitClass limitClass) => _tickets.Values.Count(held => held.Class == limitClass && !held.Waiter.Task.IsCompleted);
}
