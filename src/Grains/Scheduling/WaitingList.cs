namespace CioOrleans.Grains.Scheduling;

/// <summary>
/// Customers that wait for a moment, earliest first. The place of a customer that leaves before its moment stays in the queue and is skipped when the moment
/// comes.
/// </summary>
internal sealed class WaitingList
{
    private readonly PriorityQueue<ScheduledCustomer, TimeSpan> _places = new();

    /// <summary>The earliest moment for which a customer still waits; null if there is none.</summary>
    public TimeSpan? NextAt
    {
        get
        {
            DropDead();
            return _places.TryPeek(out _, out var moment) ? moment : null;
        }
    }

    public void Add(ScheduledCustomer entry, TimeSpan until)
    {
        entry.Moment = until;
        _places.Enqueue(entry, until);
    }

    public bool TryRemoveDue(TimeSpan now, out ScheduledCustomer entry)
    {
        DropDead();
        if (_places.TryPeek(out entry!, out var moment) && moment <= now)
        {
            _places.Dequeue();
            return true;
        }

        return false;
    }

    private void DropDead()
    {
        while (_places.TryPeek(out var entry, out var moment)
            && (entry.State is not (CustomerState.Waiting or CustomerState.Parked) || entry.Moment != moment))
        {
            _places.Dequeue();
        }
    }
}
