namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Whether memory should be given back to the system. Customers' grains come by the hundred thousand and go two minutes later, often
/// into silence: without allocations nothing collects them, and the process would keep the memory of its busiest minute for good.
/// </summary>
internal sealed class MemoryTrim
{
    /// <summary>Below this the pause costs more than the memory is worth.</summary>
    public const int FewestGone = 10_000;

    private int _most;

    /// <summary>Looks at how many customers' grains there are now. True once so many have gone, and at least half of all, since it last was.</summary>
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
}
