using System.Net;
using CioOrleans.Delivery;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Scheduling;

public sealed partial class WorkspaceScheduler
{
    /// <summary>
    /// A live caller wants to forward a request. It goes before customers (who keep one grant in sixteen), also while only probes are
    /// sent: the caller gets the upstream's own answer. An operator's pause and a pause of its limit group hold it.
    /// </summary>
    /// <param name="ticket">Unique among those that wait or are on their way.</param>
    /// <param name="limitClass">Whose tokens it needs.</param>
    public void RequestPassThrough(long ticket, LimitClass limitClass) => _laneOfClass[(int)limitClass].AddPassThrough(ticket, limitClass);

    /// <summary>The caller waits no longer. Has no effect once the ticket was dispatched: then <see cref="OnPassThroughEnded"/> ends it.</summary>
    public void CancelPassThrough(long ticket)
    {
        foreach (var lane in _lanes)
        {
            lane.RemovePassThrough(ticket);
        }
    }

    /// <summary>Whether a host has as many requests on their way as it may have.</summary>
    public bool IsFull(UpstreamHost host) => !_slots.HasRoom(host);

    /// <summary>A forwarded request has ended. Unknown tickets are ignored.</summary>
    /// <param name="ticket">From <see cref="Dispatch.PassThrough"/>.</param>
    /// <param name="sent">False when nothing was written to the network.</param>
    /// <param name="status">The status received; null when there was none.</param>
    /// <param name="signal">What the response said about the limit.</param>
    public void OnPassThroughEnded(long ticket, bool sent, int? status, RateLimitSignal signal)
    {
        if (!_passThroughs.Remove(ticket, out var request))
        {
            return;
        }

        var now = Now;
        var host = _hosts[(int)request.Class.ToHost()];
        _slots.OnEnded(host.Name, status is not null, now);
        EndRequest(request.Lane, request.GrantedAt, sent, now, signal, now);
        if (!sent)
        {
            return;
        }

        if (status == (int)HttpStatusCode.TooManyRequests)
        {
            OnThrottled(request.Lane, request.GrantedAt, signal, now);
        }

        Observe(host, ticket, request.Class, request.GrantedAt, status, now);
    }

    /// <summary>
    /// What a live caller's request shows of its host. Any answer ends an outage. Beyond that a query shows nothing: its caller may ask for what
    /// always fails, may go away before the answer, and may use a key that is good for queries alone. A send that fails or succeeds counts as a
    /// customer's call does, and proves wrong settings right. No live request finds the settings wrong: its own caller is told.
    /// </summary>
    private static void Observe(Host host, long ticket, LimitClass limitClass, TimeSpan grantedAt, int? status, TimeSpan now)
    {
        var isSend = limitClass != LimitClass.Query;

        // Each live request has a vote of its own.
        var voter = $"live:{ticket}";
        switch (status is { } answered ? OutcomeTable.Judge(answered) : Verdict.Failed)
        {
            case Verdict.Delivered or Verdict.Rejected:
                if (host.Health.State == HostState.Outage || (isSend && host.Health.IsCuredBy(grantedAt)))
                {
                    host.Recover(now);
                }

                if (isSend)
                {
                    host.Recent.Record(voter, succeeded: true, now);
                }

                break;

            case Verdict.Failed when isSend:
                RecordFailure(host, voter, status is { } failed ? $"{failed}" : "no response to a live request", now);
                break;
        }
    }
}
