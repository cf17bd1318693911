using CioOrleans.Leasing;
using Orleans.Concurrency;

namespace CioOrleans.Grains.Leasing;

/// <inheritdoc cref="ILeaseClockGrain"/>
[StatelessWorker]
internal sealed class LeaseClockGrain(ILeaseClock clock) : Grain, ILeaseClockGrain
{
    public ValueTask<ClockBounds> Read() => ValueTask.FromResult(clock.Bounds);
}
