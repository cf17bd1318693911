using System.Net;
using CioOrleans.Limits;

namespace CioOrleans.Scheduling;

public sealed partial class WorkspaceScheduler
{
    /// <summary>
    /// A live caller wants to forward a request. It goes before customers (who keep one grant in sixteen), also while only probes are
    /// sent: the caller gets the upstream's own answer. An operator's pause and a pause of its limit group hold it.
    /// </summary>
    /// <param name="ticket">Unique among those that wait or are on their way.</param>
    /// <param name="limitClass">Whose tokens it needs.</param>
    public void RequestPassThrough(long ticket, LimitClass limitClass) => _laneOfClass[(int)limitClass].PassThroughs.Add(ticket, limitClass);

    /// <summary>The caller waits no longer. Has no effect once the ticket was dispatched: then <see cref="OnPassThroughEnded"/> ends it.</summary>
    public void CancelPassThrough(long ticket)
    {
        foreach (var lane in _lanes)
        {
            lane.PassThroughs.Remove(ticket);
        }
    }

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
        EndRequest(request.Lane, request.GrantedAt, sent, now, signal, now);
        if (sent && status == (int)HttpStatusCode.TooManyRequests)
        {
            OnThrottled(request.Lane, request.GrantedAt, signal, now);
        }
    }
}
