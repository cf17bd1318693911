using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Workspaces;

internal sealed partial class WorkspaceGrain
{
    public async ValueTask<WorkspaceActivity> GetActivity(long since)
    {
        await _meter.CountAsync(CancellationToken.None);
        var counts = _meter.Counts;
        return new WorkspaceActivity(
            StatusOf(counts?.Queued ?? 0, counts?.DeadLetters ?? 0),
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
