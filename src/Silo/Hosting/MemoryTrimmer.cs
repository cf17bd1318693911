using CioOrleans.Customers;

namespace CioOrleans.Silo.Hosting;

/// <summary>Gives memory back to the system when much of it is not used any more; see <see cref="MemoryTrim"/>.</summary>
/// <param name="customers">The customers' grains; null in a process without a silo.</param>
/// <param name="time">When to look.</param>
internal sealed class MemoryTrimmer(ActiveCustomers? customers, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(15);

    private readonly MemoryTrim _trim = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // From here on: what is held at the first look may already be too much.
        _trim.Trimmed(Committed);
        using var timer = new PeriodicTimer(_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var isHeapDue = _trim.IsDue(Committed, GC.GetTotalAllocatedBytes());
                if (_trim.IsDue(customers?.Count ?? 0) || isHeapDue)
                {
                    // Nothing less gives whole segments back.
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    _trim.Trimmed(Committed);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private static long Committed => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
}
