namespace CioOrleans.Grains.RateLimiting;

/// <summary>
/// The moments at which tokens return, in ascending order, in a ring of fixed size. They are added almost in order, so an insertion from the back is cheap.
/// </summary>
internal sealed class ReturnQueue(int capacity)
{
    private readonly TimeSpan[] _times = new TimeSpan[capacity];
    private int _first;

    public int Count { get; private set; }

    public TimeSpan First => _times[_first];

    public void Add(TimeSpan time)
    {
        var place = Count++;
        for (; place > 0 && _times[Slot(place - 1)] > time; place--)
        {
            _times[Slot(place)] = _times[Slot(place - 1)];
        }

        _times[Slot(place)] = time;
    }

    /// <summary>Removes one entry with exactly this moment; false if there is none.</summary>
    public bool Remove(TimeSpan time)
    {
        var place = Count - 1;
        while (place >= 0 && _times[Slot(place)] > time)
        {
            place--;
        }

        if (place < 0 || _times[Slot(place)] != time)
        {
            return false;
        }

        Count--;
        for (; place < Count; place++)
        {
            _times[Slot(place)] = _times[Slot(place + 1)];
        }

        return true;
    }

    /// <summary>Removes all entries up to and including <paramref name="now"/>, and returns their number.</summary>
    public int RemoveDue(TimeSpan now)
    {
        var due = 0;
        while (Count > 0 && _times[_first] <= now)
        {
            _first = Slot(1);
            Count--;
            due++;
        }

        return due;
    }

    public TimeSpan[] ToArray()
    {
        var times = new TimeSpan[Count];
        for (var place = 0; place < Count; place++)
        {
            times[place] = _times[Slot(place)];
        }

        return times;
    }

    private int Slot(int place)
    {
        var slot = _first + place;
        return slot < _times.Length ? slot : slot - _times.Length;
    }
}
