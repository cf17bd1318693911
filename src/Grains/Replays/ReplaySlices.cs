namespace CioOrleans.Grains.Replays;

/// <summary>
/// Cuts a span into slices of few rows. The history is read from the newest row to the oldest, and replayed from the oldest to the newest: so each slice is read
/// whole before it is replayed.
/// </summary>
internal sealed class ReplaySlices
{
    /// <summary>The number of rows of a slice with which the next one is shorter.</summary>
    public const int MostRows = 2_000;

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    private TimeSpan _length = TimeSpan.FromSeconds(1);

    /// <summary>The end of the slice that begins at a time.</summary>
    public DateTimeOffset EndOf(DateTimeOffset from, DateTimeOffset to) => to - from <= _length ? to : from + _length;

    /// <summary>A slice has more rows than are read at once. It is read again, shorter. False if it cannot be shorter: then it is read whole.</summary>
    public bool TryShorten()
    {
        var isLonger = _length > _shortest;
        _length = TimeSpan.FromTicks(Math.Max(_shortest.Ticks, _length.Ticks / 4));
        return isLonger;
    }

    /// <summary>A slice had this number of rows.</summary>
    public void OnRead(int rows)
    {
        if (rows < MostRows / 4)
        {
            _length = TimeSpan.FromTicks(Math.Min(_longest.Ticks, _length.Ticks * 2));
        }
    }
}
