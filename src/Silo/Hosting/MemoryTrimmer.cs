using CioOrleans.Customers;

namespace CioOrleans.Silo.Hosting;

/// <summary>Gives memory back to the system after many customers' grains have gone; see <see cref="MemoryTrim"/>.</summary>
internal sealed class MemoryTrimmer(ActiveCustomers customers, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(15);

    private readonly MemoryTrim _trim = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (_trim.IsDue(customers.Count))
                {
                    // Nothing less gives whole segments back.
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}
