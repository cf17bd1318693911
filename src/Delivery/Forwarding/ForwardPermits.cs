using CioOrleans.Addressing;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Delivery.Forwarding;

/// <summary>Gets permits from the workspaces' owners, so that forwarded requests count against the same limits as stored calls.</summary>
public sealed partial class ForwardPermits(IGrainFactory grains, IPermitClock clock, TimeProvider time, ILogger<ForwardPermits> logger)
{
    /// <summary>Waits for a permit.</summary>
    /// <param name="workspace">The workspace's name.</param>
    /// <param name="limitClass">The limit class of the request.</param>
    /// <param name="patience">The longest wait.</param>
    /// <param name="timeout">Called when the permit is granted; returns a shorter time-out for the attempt (default: the permit's time-out).</param>
    public async Task<ForwardGrant> AcquireAsync(string workspace, LimitClass limitClass, TimeSpan patience, Func<TimeSpan>? timeout = null)
    {
        var owner = grains.GetWorkspace(workspace);
        try
        {
            return await owner.AcquireAsync(limitClass, patience, time) switch
            {
                PassThroughPermit.Granted granted => new ForwardGrant.Granted(new ForwardPermit(owner, granted, clock, time, timeout?.Invoke())),
                PassThroughPermit.Refused refused => new ForwardGrant.Refused(refused.Reason, refused.RetryAfter),
                _ => ForwardGrant.Unavailable.Instance,
            };
        }
        catch (Exception exception)
        {
            LogNoPermit(workspace, exception);
            return ForwardGrant.Unavailable.Instance;
        }
    }
}
