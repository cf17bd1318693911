namespace CioOrleans.Sandbox.Reporting;

/// <summary>The arrivals up to a moment.</summary>
internal sealed class ArrivalSnapshot(long[][] blocks, int count)
{
    internal const int ClassBits = 4;
    private const long ClassMask = (1 << ClassBits) - 1;

    public int Count => count;

    /// <summary>When the first arrived; null if none did.</summary>
    public TimeSpan? First => count == 0 ? null : At(0);

    /// <summary>When the last arrived; null if none did.</summary>
    public TimeSpan? Last => count == 0 ? null : At(count - 1);

    /// <summary>How many arrived of each class. The index is the number of the enum.</summary>
    public int[] CountByClass()
    {
        var counts = new int[1 << ClassBits];
        for (var i = 0; i < count; i++)
        {
            counts[Entry(i) & ClassMask]++;
        }

        return counts;
    }

    /// <summary>The most arrivals of the given classes together in any window <c>(t - window, t]</c>; exact, in one pass.</summary>
    public int MaxInWindow(TimeSpan window, params ReadOnlySpan<EndpointClass> classes)
    {
        var wanted = 0;
        foreach (var c in classes)
        {
            wanted |= 1 << (int)c;
        }

        var (max, inside, oldest) = (0, 0, 0);
        for (var i = 0; i < count; i++)
        {
            if (!IsWanted(i, wanted))
            {
                continue;
            }

            inside++;
            for (var edge = At(i) - window; At(oldest) <= edge; oldest++)
            {
                inside -= IsWanted(oldest, wanted) ? 1 : 0;
            }

            max = Math.Max(max, inside);
        }

        return max;
    }

    /// <summary>The arrivals in each whole second since the first.</summary>
    public int[] PerSecond()
    {
        if (count == 0)
        {
            return [];
        }

        var seconds = new int[((At(count - 1) - At(0)).Ticks / TimeSpan.TicksPerSecond) + 1];
        for (var i = 0; i < count; i++)
        {
            seconds[(At(i) - At(0)).Ticks / TimeSpan.TicksPerSecond]++;
        }

        return seconds;
    }

    /// <summary>Arrivals per second, from one window after the first to one window before the last; null if nothing is between.</summary>
    public double? SteadyRate(TimeSpan window)
    {
        if (count == 0 || At(count - 1) - window <= At(0) + window)
        {
            return null;
        }

        var (from, to) = (At(0) + window, At(count - 1) - window);
        return (IndexAfter(to) - IndexAfter(from)) / (to - from).TotalSeconds;
    }

    private int IndexAfter(TimeSpan moment)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = At(middle) <= moment ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private long Entry(int index) => blocks[index >> ArrivalLog.BlockBits][index & (ArrivalLog.BlockLength - 1)];

    private TimeSpan At(int index) => new(Entry(index) >> ClassBits);

    private bool IsWanted(int index, int wanted) => (wanted >> (int)(Entry(index) & ClassMask) & 1) != 0;
}
