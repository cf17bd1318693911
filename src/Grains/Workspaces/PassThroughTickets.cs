using CioOrleans.Attempts;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Workspaces;

/// <summary>The callers that wait for, or hold, a permit to forward a request at once. Not thread-safe.</summary>
internal sealed class PassThroughTickets
{
    private readonly Dictionary<long, (LimitClass Class, TaskCompletionSource<Permit?> Waiter)> _tickets = [];
    private long _lastTicket;

    /// <summary>Makes a ticket. The task returns the permit, or null once <see cref="SendAwayWaiting"/> was called.</summary>
    public (long Ticket, Task<Permit?> Permit) Enter(LimitClass limitClass)
    {
        var waiter = new TaskCompletionSource<Permit?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _tickets.Add(++_lastTicket, (limitClass, waiter));
        return (_lastTicket, waiter.Task);
    }

    /// <summary>Gives the permit to the caller that waits under the ticket. False if no caller does.</summary>
    public bool Grant(long ticket, Permit permit) => _tickets.TryGetValue(ticket, out var held) && held.Waiter.TrySetResult(permit);

    /// <summary>Ends a ticket. True if a permit was granted under it, which must be returned to the scheduler.</summary>
    public bool Leave(long ticket) => _tickets.Remove(ticket, out var held) && held.Waiter.Task is { IsCompletedSuccessfully: true, Result: not null };

    /// <summary>The number of callers that wait for a permit of a class.</summary>
    public int CountWaiting(LimitClass limitClass) => _tickets.Values.Count(held => held.Class == limitClass && !held.Waiter.Task.IsCompleted);

    /// <summary>Ends the wait of every caller without a permit. Returns their tickets.</summary>
    public IReadOnlyList<long> SendAwayWaiting()
    {
        long[] waiting = [.. _tickets.Where(ticket => ticket.Value.Waiter.TrySetResult(null)).Select(ticket => ticket.Key)];
        foreach (var ticket in waiting)
        {
            _tickets.Remove(ticket);
        }

        return waiting;
    }
}
