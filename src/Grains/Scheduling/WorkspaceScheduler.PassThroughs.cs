using System.Net;
using CioOrleans.Delivery;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Scheduling;

public sealed partial class WorkspaceScheduler
{
    /// <summary>
    /// A caller wants to forward a request. It goes before customers (who keep one grant in sixteen), also while only probes are sent: the caller gets the
    /// host's own answer. An operator's pause and a pause of its limit group delay it.
    /// </summary>
    /// <param name="ticket">Unique among the requests that wait or are in flight.</param>
    /// <param name="limitClass">The class whose tokens the request needs.</param>
    public void RequestPassThrough(long ticket, LimitClass limitClass) => _queueOfClass[(int)limitClass].AddPassThrough(ticket, limitClass);

    /// <summary>The caller stops waiting. No effect once the ticket was granted: then <see cref="OnPassThroughEnded"/> ends it.</summary>
    public void CancelPassThrough(long ticket)
    {
        foreach (var queue in _queues)
        {
            queue.RemovePassThrough(ticket);
        }
    }

    /// <summary>Whether a host has as many requests in flight as it may have.</summary>
    public bool IsFull(UpstreamHost host) => !_slots.HasRoom(host);

    /// <summary>How long a request of a class would wait for its permit behind the callers that wait already: an estimate, at least one second.</summary>
    public TimeSpan EstimatePassThrough(LimitClass limitClass)
    {
        var (queue, now) = (_queueOfClass[(int)limitClass], Now);
        return Later(queue.Limit.EstimateFor(queue.PassThroughCount, now) - now, TimeSpan.FromSeconds(1));
    }

    /// <summary>A forwarded request has ended. Unknown tickets are ignored.</summary>
    /// <param name="ticket">From <see cref="Grant.PassThrough"/>.</param>
    /// <param name="sent">False if nothing was written to the network.</param>
    /// <param name="status">The status received; null if there was none.</param>
    /// <param name="signal">What the response said about the limit.</param>
    public void OnPassThroughEnded(long ticket, bool sent, int? status, RateLimitSignal signal)
    {
        if (!_passThroughs.Remove(ticket, out var request))
        {
            return;
        }

        var now = Now;
        var host = _hosts[(int)_settings.HostOf(request.Class)];
        _slots.OnEnded(host.Name, status is not null, now);
        EndRequest(request.Queue, request.GrantedAt, sent, now, signal, now);
        if (!sent)
        {
            return;
        }

        if (status == (int)HttpStatusCode.TooManyRequests)
        {
            // Most App API operations may be limited by themselves, and a 429 need not have a header. So a query's 429 holds up the others for a window only.
            OnThrottled(request.Queue, request.GrantedAt, request.Class == LimitClass.Query ? signal with { RetryAfter = signal.RetryAfter ?? request.Queue.Limit.LongestWindow } : signal, now);
        }

        Observe(host, ticket, request.Class, request.GrantedAt, status, now);
    }

    /// <summary>
    /// Learns the host's health from a forwarded request. A 2xx or a final 4xx ends an outage. Otherwise a query is no evidence: its caller may ask for what
    /// always fails, may disconnect before the answer, and may use a key that is valid only for queries. A send counts like a customer's call, and its 2xx or
    /// final 4xx also ends the state Misconfigured. No forwarded request starts that state, because its caller gets the answer.
    /// </summary>
    private static void Observe(Host host, long ticket, LimitClass limitClass, TimeSpan grantedAt, int? status, TimeSpan now)
    {
        var isSend = limitClass != LimitClass.Query;

        // Each forwarded request has a vote of its own.
        var voter = $"live:{ticket}";
        switch (status is { } answered ? OutcomeTable.Judge(answered) : AttemptOutcome.Failed)
        {
            case AttemptOutcome.Delivered or AttemptOutcome.Rejected:
                if (host.Health.State == HostState.Outage || (isSend && host.Health.IsCuredBy(grantedAt)))
                {
                    host.Recover(now);
                }

                if (isSend)
                {
                    host.Recent.Record(voter, succeeded: true, now);
                }

                break;

            case AttemptOutcome.Failed when isSend:
                RecordFailure(host, voter, status is { } failed ? $"{failed}" : "no response to a live request", now);
                break;
        }
    }
}
