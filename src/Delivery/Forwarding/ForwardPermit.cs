using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Delivery.Forwarding;

/// <summary>The right to forward one request at once. Disposing returns it to the workspace's owner and reports the request's end.</summary>
public sealed class ForwardPermit : IAsyncDisposable
{
    private readonly IWorkspaceGrain _owner;
    private readonly long _ticket;
    private bool _isReturned;

    public ForwardPermit(IWorkspaceGrain owner, PassThroughPermit.Granted granted, IPermitClock clock, TimeProvider time, TimeSpan? timeout)
    {
        _owner = owner;
        _ticket = granted.Ticket;
        Attempt = new Attempt(granted.Permit, clock, time, timeout);
    }

    /// <summary>The attempt that the permit allows.</summary>
    public Attempt Attempt { get; }

    /// <summary>Reports Customer.io's answer to the owner. The request has ended, even if the answer's body still streams.</summary>
    public ValueTask OnAnsweredAsync(int status, RateLimitSignal signal)
    {
        Attempt.OnAnswered();
        _isReturned = true;
        return _owner.ReturnPermit(_ticket, sent: true, status, signal);
    }

    public async ValueTask DisposeAsync()
    {
        // Reset the connection before the report: the owner counts the packet life from the report.
        Attempt.GiveUp();
        if (!_isReturned)
        {
            _isReturned = true;
            await _owner.ReturnPermit(_ticket, Attempt.IsWritten, status: null, RateLimitSignal.None);
        }
    }
}
