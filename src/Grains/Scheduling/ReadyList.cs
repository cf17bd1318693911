namespace CioOrleans.Scheduling;

/// <summary>Customers in the order in which they are served, linked through their entries: a customer stands in one list at most.</summary>
internal sealed class ReadyList
{
    private CustomerEntry? _back;

    public int Count { get; private set; }

    /// <summary>What the bodies of all heads take in a batch.</summary>
    public long Bytes { get; private set; }

    public CustomerEntry? Front { get; private set; }

    /// <summary>How many stand before an entry of this list; null beyond a hundred thousand, and where it does not stand here.</summary>
    public int? CountAhead(CustomerEntry entry)
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

    public void AddBack(CustomerEntry entry)
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

    public void AddFront(CustomerEntry entry)
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

    public CustomerEntry RemoveFront()
    {
        var entry = Front ?? throw new InvalidOperationException("The list is empty.");
        Remove(entry);
        return entry;
    }

    /// <summary>Removes an entry of this list, wherever it stands.</summary>
    public void Remove(CustomerEntry entry)
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

    private void OnAdded(CustomerEntry entry)
    {
        Count++;
        Bytes += entry.Bytes;
    }
}
