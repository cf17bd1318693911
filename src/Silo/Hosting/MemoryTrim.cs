namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Decides when memory is given back to the system. Hundreds of thousands of customer grains may be created and deactivated two minutes later, and large
/// requests leave large arrays. Without further allocations no garbage collection runs, and the process would keep the memory of its busiest minute.
/// </summary>
internal sealed class MemoryTrim
{
    /// <summary>The minimum number of grains that must be gone. Below it the pause of a collection costs more than the memory is worth.</summary>
    public const int FewestGone = 10_000;

    /// <summary>The minimum growth of the process, in bytes.</summary>
    public const long FewestBytes = 32L << 20;

    /// <summary>The allocations between two checks above which garbage collections run without help, in bytes.</summary>
    public const long QuietBytes = 64L << 20;

    /// <summary>
    /// The quiet checks after which the process is idle: four minutes. The grains of the busy time are deactivated after two or three.
    /// </summary>
    public const int ChecksUntilIdle = 16;

    private int _most;
    private long _allocatedBefore;
    private long _residentAfter;
    private int _quietChecks;
    private bool _wasBusy;

    /// <summary>Whether the last check of the memory was the one that found the process idle after it had been busy. Clear caches then.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>
    /// Checks the number of customer grains. True once at least <see cref="FewestGone"/> grains, and at least half of all, have gone since it was last true.
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
    /// Checks the memory of the process. True once the process is quiet and holds <see cref="FewestBytes"/> more than after the last trim, and when it
    /// <see cref="IsIdle"/>. Then call <see cref="Trimmed"/>.
    /// </summary>
    /// <param name="resident">The resident memory of the process, native memory included, in bytes.</param>
    /// <param name="allocated">The total allocations of the process, in bytes.</param>
    public bool IsDue(long resident, long allocated)
    {
        var isQuiet = allocated - _allocatedBefore < QuietBytes;
        _allocatedBefore = allocated;
        _wasBusy |= !isQuiet;
        _quietChecks = isQuiet ? _quietChecks + 1 : 0;
        IsIdle = _wasBusy && _quietChecks >= ChecksUntilIdle;
        _wasBusy &= !IsIdle;
        return IsIdle || (isQuiet && resident - _residentAfter >= FewestBytes);
    }

    /// <summary>Records that memory was given back.</summary>
    /// <param name="resident">The resident memory of the process now, in bytes.</param>
    public void Trimmed(long resident) => _residentAfter = resident;
}
