using CioOrleans.Limits;

namespace CioOrleans.Grains.Scheduling;

/// <summary>
/// Counts the requests that ended within one window of a limit. It knows only when requests ended and nothing of tokens, so it is evidence beside the bucket.
/// Not thread-safe.
/// </summary>
internal sealed class ArrivalCount(RateLimit limit)
{
    /// <summary>Reports of requests arrive out of order by less than this.</summary>
    private static readonly TimeSpan _disorder = TimeSpan.FromSeconds(1);

    // In ascending order from _first on.
    private readonly List<TimeSpan> _ends = [];
    private int _first;

    /// <summary>Adds a request.</summary>
    /// <param name="endedAt">When it ended.</param>
    /// <param name="count">Called with the end of each window that the request is in and whose count has changed, and with the count.</param>
    public void Add(TimeSpan endedAt, Action<TimeSpan, int> count)
    {
        var place = _ends.Count;
        while (place > _first && _ends[place - 1] > endedAt)
        {
            place--;
        }

        _ends.Insert(place, endedAt);
        for (var last = place; last < _ends.Count && _ends[last] - endedAt < limit.Window; last++)
        {
            count(_ends[last], last + 1 - FirstAfter(_ends[last] - limit.Window));
        }

        Forget(_ends[^1] - limit.Window - _disorder);
    }

    private int FirstAfter(TimeSpan moment)
    {
        var (low, high) = (_first, _ends.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ends[middle] > moment ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private void Forget(TimeSpan until)
    {
        while (_ends[_first] <= until)
        {
            _first++;
        }

        if (_first > 1_000 && _first > _ends.Count / 2)
        {
            _ends.RemoveRange(0, _first);
            _first = 0;
        }
    }
}
