namespace CioOrleans.Grains.Scheduling;

/// <summary>Customers in the order in which they are served, linked through their entries. An entry is in at most one list.</summary>
internal sealed class ReadyList
{
    private ScheduledCustomer? _back;

    public int Count { get; private set; }

    /// <summary>The length of all heads in a batch, in bytes.</summary>
    public long Bytes { get; private set; }

    public ScheduledCustomer? Front { get; private set; }

    /// <summary>How many entries are ahead of an entry; null if they are more than a hundred thousand, or the entry is not in this list.</summary>
    public int? CountAhead(ScheduledCustomer entry)
    {
        const int most = 100_000;
        var ahead = 0;
        for (var at = Front; at is not null && ahead <= most; at = at.Behind, ahead++)
        {
            if (at == entry)
            {
                return ahead;
            }
        }

        return null;
    }

    public void AddBack(ScheduledCustomer entry)
    {
        if (_back is null)
        {
            Front = entry;
        }
        else
        {
            _back.Behind = entry;
            entry.Before = _back;
        }

        _back = entry;
        OnAdded(entry);
    }

    public void AddFront(ScheduledCustomer entry)
    {
        entry.Behind = Front;
        if (Front is not null)
        {
            Front.Before = entry;
        }

        Front = entry;
        _back ??= entry;
        OnAdded(entry);
    }

    public ScheduledCustomer RemoveFront()
    {
        var entry = Front ?? throw new InvalidOperationException("The list is empty.");
        Remove(entry);
        return entry;
    }

    /// <summary>Removes an entry of this list, at any place.</summary>
    public void Remove(ScheduledCustomer entry)
    {
        if (entry.Before is null)
        {
            Front = entry.Behind;
        }
        else
        {
            entry.Before.Behind = entry.Behind;
        }

        if (entry.Behind is null)
        {
            _back = entry.Before;
        }
        else
        {
            entry.Behind.Before = entry.Before;
        }

        entry.Behind = entry.Before = null;
        Count--;
        Bytes -= entry.Bytes;
    }

    private void OnAdded(ScheduledCustomer entry)
    {
        Count++;
        Bytes += entry.Bytes;
    }
}
