using CioOrleans.Grains;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Forwarding;

/// <summary>Gets permits from the owners of the workspaces, so that what is forwarded counts against the same limits as everything else.</summary>
internal sealed partial class ForwardPermits(IGrainFactory grains, ILeaseStore leases, TimeProvider time, ILogger<ForwardPermits> logger)
{
    /// <summary>Waits for a permit.</summary>
    /// <param name="workspace">The workspace's name.</param>
    /// <param name="limitClass">Whose tokens are needed.</param>
    /// <param name="patience">The longest wait.</param>
    /// <param name="timeout">Asked when the permit is there: a shorter time-out than the permit's; null for the permit's.</param>
    public async Task<ForwardGrant> AcquireAsync(string workspace, LimitClass limitClass, TimeSpan patience, Func<TimeSpan>? timeout = null)
    {
        var owner = grains.GetWorkspace(workspace);
        try
        {
            return await owner.AcquireAsync(limitClass, patience, time) switch
            {
                PassThroughPermit.Granted granted => new ForwardGrant.Granted(new ForwardPermit(owner, granted, leases, time, timeout?.Invoke())),
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
