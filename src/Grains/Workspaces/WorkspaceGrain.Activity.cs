using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Workspaces;

internal sealed partial class WorkspaceGrain
{
    public async ValueTask<WorkspaceActivity> GetActivity(long since)
    {
        await _meter.CountAsync(CancellationToken.None);
        var (status, counts) = (_scheduler.Status, _meter.Counts);
        return new WorkspaceActivity(
            new WorkspaceStatus(
                status.Limits,
                counts?.Queued ?? 0,
                status.Ready,
                status.InFlight,
                status.WaitingForRetry,
                counts?.DeadLetters ?? 0,
                status.IsPaused,
                status.PauseReason,
                _lease.Epoch,
                RuntimeIdentity,
                status.Hosts),
            _time.GetUtcNow(),
            counts?.At,
            counts?.OldestAcceptedAt,
            _lease.Measure() is { } lease ? new OwnerLease(_time.GetElapsedTime(_activatedAt), lease.RenewedFor, lease.EndsIn) : null,
            _scheduler.ReadActivity(since));
    }

    public ValueTask EndThrottle(LimitClass limitClass)
    {
        _scheduler.EndThrottle(limitClass);
        Pump();
        return ValueTask.CompletedTask;
    }
}
