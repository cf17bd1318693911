using CioOrleans.Grains.Leasing;
using CioOrleans.Leasing;

namespace CioOrleans.Delivery;

/// <summary>A lease clock that shows what the test sets. It has no leases.</summary>
internal sealed class FixedLeaseClock : ILeaseStore
{
    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(100);

    public ClockBounds Bounds => ClockBounds.Exactly(Now);

    public ValueTask<ClockBounds> ReadAsync() => new(Bounds);

    public ValueTask<LeaseGrant> AcquireAsync(string workspace, string owner, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<LeaseGrant?> RenewAsync(string workspace, string owner, long epoch, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask ReleaseAsync(string workspace, string owner, long epoch, string? handOver = null, CancellationToken cancellation = default) => throw new NotSupportedException();
}
