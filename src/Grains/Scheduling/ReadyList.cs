namespace CioOrleans.Scheduling;

/// <summary>Customers in the order in which they are served, linked through their entries: a customer stands in one list at most.</summary>
internal sealed class ReadyList
{
    private CustomerEntry? _front;
    private CustomerEntry? _back;

    public int Count { get; private set; }

    public void AddBack(CustomerEntry entry)
    {
        if (_back is null)
        {
            _front = entry;
        }
        else
        {
            _back.Behind = entry;
        }

        _back = entry;
        Count++;
    }

    public void AddFront(CustomerEntry entry)
    {
        entry.Behind = _front;
        _front = entry;
        _back ??= entry;
        Count++;
    }

    public CustomerEntry RemoveFront()
    {
        var entry = _front ?? throw new InvalidOperationException("The list is empty.");
        _front = entry.Behind;
        entry.Behind = null;
        if (_front is null)
        {
            _back = null;
        }

        Count--;
        return entry;
    }
}
