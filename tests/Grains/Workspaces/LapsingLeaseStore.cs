using CioOrleans.Grains.Leasing;
using CioOrleans.Leasing;

namespace CioOrleans.Workspaces;

/// <summary>Leases of a minute that lapse when they are told to, and are not to be had again until <see cref="Return"/>.</summary>
internal sealed class LapsingLeaseStore : ILeaseStore
{
    private static readonly TimeSpan _length = TimeSpan.FromMinutes(1);

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private volatile bool _hasLapsed;
    private volatile bool _isAway;

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began) + (_hasLapsed ? 2 * _length : TimeSpan.Zero);

    public ClockBounds Bounds => ClockBounds.Exactly(Now);

    public ValueTask<ClockBounds> ReadAsync() => new(Bounds);

    public void Lapse() => (_isAway, _hasLapsed) = (true, true);

    public void Return() => _isAway = false;

    public ValueTask<LeaseGrant> AcquireAsync(string workspace, string owner, CancellationToken cancellation = default) =>
        ValueTask.FromResult(new LeaseGrant(1, Now + _length, TimeSpan.Zero));

    public ValueTask<LeaseGrant?> RenewAsync(string workspace, string owner, long epoch, CancellationToken cancellation = default) =>
        _isAway ? throw new IOException("away") : ValueTask.FromResult<LeaseGrant?>(new LeaseGrant(1, Now + _length, TimeSpan.Zero));

    public ValueTask ReleaseAsync(string workspace, string owner, long epoch, string? handOver = null, CancellationToken cancellation = default) =>
        ValueTask.CompletedTask;
}
