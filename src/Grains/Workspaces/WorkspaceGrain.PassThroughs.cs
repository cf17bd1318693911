using CioOrleans.Attempts;
using CioOrleans.Grains.History;
using CioOrleans.History;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Workspaces;

internal sealed partial class WorkspaceGrain
{
    // The permits of forwarded requests, which only the owner knows of, by their tickets.
    private readonly Dictionary<long, (Permit Permit, HistoryTime At)> _forwarded = [];

    public async ValueTask<PassThroughPermit> AcquirePermit(LimitClass limitClass, TimeSpan patience)
    {
        if (_drain.HasBegun)
        {
            return PassThroughPermit.Moving.Instance;
        }

        if (limitClass == LimitClass.Broadcast && _passThrough.CountWaiting(limitClass) >= MaxBroadcastsWaiting)
        {
            return new PassThroughPermit.Refused($"{MaxBroadcastsWaiting} broadcasts wait already, and Customer.io takes no more.", _scheduler.EstimatePassThrough(limitClass));
        }

        var (ticket, permit) = _passThrough.Enter(limitClass);
        _scheduler.RequestPassThrough(ticket, limitClass);
        Pump();
        try
        {
            return await permit.WaitAsync(patience, _time) is { } granted ? new PassThroughPermit.Granted(ticket, granted) : PassThroughPermit.Moving.Instance;
        }
        catch (TimeoutException)
        {
            // The permit may have been granted in the same turn; then it goes back unused.
            if (_passThrough.Leave(ticket))
            {
                _forwarded.Remove(ticket);
                _scheduler.OnPassThroughEnded(ticket, sent: false, status: null, RateLimitSignal.None);
            }
            else
            {
                _scheduler.CancelPassThrough(ticket);
            }

            GoOn();
            var limit = limitClass.ToName();
            var host = _settings.HostOf(limitClass);
            var why = _scheduler.IsFull(host) ? $"Customer.io's {host.ToTitle()} has not responded to the requests that are on their way" : "the limit is used up";
            return new PassThroughPermit.Refused($"No request of class '{limit}' could be sent within {patience.TotalSeconds:0.#} s: {why}.", _scheduler.EstimatePassThrough(limitClass));
        }
    }

    public ValueTask ReturnPermit(long ticket, bool sent, int? status, RateLimitSignal signal) => EndForwardedAsync(ticket, sent, status, signal);

    private async ValueTask EndForwardedAsync(long ticket, bool sent, int? status, RateLimitSignal signal, bool isExpired = false)
    {
        if (!_passThrough.Leave(ticket))
        {
            return;
        }

        if (sent && status is null)
        {
            // Its connection was reset.
            await Task.Delay(RequestEnd.PacketLife, _time);
        }

        if (_forwarded.Remove(ticket, out var granted) && sent)
        {
            // Posted before the end, so that a drain that ends with it hands a complete record over.
            var result = isExpired ? HistoryResult.Unreported : status is null ? HistoryResult.Unanswered : HistoryResult.Forwarded;
            _history.RecordAsync(_history.OfPermit(_name, granted.Permit, granted.At, result, status ?? 0)).AsTask().Ignore();
        }

        _scheduler.OnPassThroughEnded(ticket, sent, status, signal);
        GoOn();
    }

    /// <summary>A pass-through whose end is never reported counts as sent, and as reset with its time-out.</summary>
    private async Task ExpireAsync(long ticket)
    {
        await Task.Delay(_terms.LongestForwarded, _time);
        await EndForwardedAsync(ticket, sent: true, status: null, RateLimitSignal.None, isExpired: true);
    }
}
