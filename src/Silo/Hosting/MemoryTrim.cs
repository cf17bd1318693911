namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Decides whether memory should be given back to the system. Grains of customers come by the hundred thousand and go two minutes later, and large requests leave large arrays; often silence
/// follows. Without allocations nothing collects either, and the process would keep the memory of its busiest minute for good.
/// </summary>
internal sealed class MemoryTrim
{
    /// <summary>Below this the pause costs more than the memory is worth.</summary>
    public const int FewestGone = 10_000;

    /// <summary>The same, in bytes.</summary>
    public const long FewestBytes = 64L << 20;

    /// <summary>A process that allocates more than this between two looks collects by itself.</summary>
    public const long QuietBytes = 64L << 20;

    private int _most;
    private long _allocatedBefore;
    private long _committedAfter;

    /// <summary>
    /// Looks at how many customers' grains there are now. True once at least <see cref="FewestGone"/> have gone, and at least half of all, since it last was.
    /// </summary>
    public bool IsDue(int active)
    {
        _most = Math.Max(_most, active);
        if (_most - active < FewestGone || active > _most / 2)
        {
            return false;
        }

        _most = active;
        return true;
    }

    /// <summary>
    /// Looks at the heap. True once the process is quiet and holds <see cref="FewestBytes"/> more than after the last trim; then <see cref="Trimmed"/> is to be called.
    /// </summary>
    /// <param name="committed">What the heap holds of the system's memory.</param>
    /// <param name="allocated">What was ever allocated.</param>
    public bool IsDue(long committed, long allocated)
    {
        var isQuiet = allocated - _allocatedBefore < QuietBytes;
        _allocatedBefore = allocated;
        return isQuiet && committed - _committedAfter >= FewestBytes;
    }

    /// <summary>Memory was given back.</summary>
    /// <param name="committed">What the heap holds now.</param>
    public void Trimmed(long committed) => _committedAfter = committed;
}
