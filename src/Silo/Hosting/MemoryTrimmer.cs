using CioOrleans.Addressing;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Silo.Hosting;

/// <summary>Gives unused memory back to the system; see <see cref="MemoryTrim"/>.</summary>
/// <param name="customers">The customer grains; null in a process without a silo.</param>
/// <param name="keys">Its cache is cleared when the process is idle.</param>
/// <param name="outbox">Its cache is cleared when the process is idle; null in a process without a silo.</param>
/// <param name="time">Times the checks.</param>
internal sealed class MemoryTrimmer(ActiveCustomers? customers, GrainKeys keys, IOutbox? outbox, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(15);

    private readonly MemoryTrim _trim = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The baseline, taken now because the first check may already see too much memory.
        _trim.Trimmed(Environment.WorkingSet);
        using var timer = new PeriodicTimer(_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var isMemoryDue = _trim.IsDue(Environment.WorkingSet, GC.GetTotalAllocatedBytes());
                if (_trim.IsDue(customers?.Count ?? 0) || isMemoryDue)
                {
                    if (_trim.IsIdle)
                    {
                        keys.ClearCache();
                        await (outbox?.ClearCacheAsync() ?? ValueTask.CompletedTask);
                    }

                    // A weaker collection does not give whole segments back.
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    NativeHeap.Trim();
                    _trim.Trimmed(Environment.WorkingSet);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }
}
