using CioOrleans.Delivery;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Forwarding;

/// <summary>The right to forward one request at once. Disposing of it gives it back to the workspace's owner, with the request's end.</summary>
internal sealed class ForwardPermit : IAsyncDisposable
{
    private readonly IWorkspaceGrain _owner;
    private readonly long _ticket;
    private bool _isReturned;

    public ForwardPermit(IWorkspaceGrain owner, PassThroughPermit.Granted granted, ILeaseStore leases, TimeProvider time, TimeSpan? timeout)
    {
        _owner = owner;
        _ticket = granted.Ticket;
        Attempt = new Attempt(granted.Permit, leases, time, timeout);
    }

    /// <summary>The one request.</summary>
    public Attempt Attempt { get; }

    /// <summary>Customer.io has answered: the request has ended, however long its answer streams.</summary>
    public ValueTask OnAnsweredAsync(int status, RateLimitSignal signal)
    {
        Attempt.OnAnswered();
        _isReturned = true;
        return _owner.ReturnPermit(_ticket, sent: true, status, signal);
    }

    public async ValueTask DisposeAsync()
    {
        // The reset comes first: the owner counts the packet life from the report.
        Attempt.GiveUp();
        if (!_isReturned)
        {
            _isReturned = true;
            await _owner.ReturnPermit(_ticket, Attempt.IsWritten, status: null, RateLimitSignal.None);
        }
    }
}
