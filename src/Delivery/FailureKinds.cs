using CioOrleans.Attempts;

namespace CioOrleans.Delivery;

/// <summary>Whether a failed request may have arrived.</summary>
public static class FailureKinds
{
    /// <summary>False if certainly nothing was written to the network; true if the request may have arrived.</summary>
    public static bool MayHaveArrived(this FailureKind kind) => kind is not (FailureKind.Unreachable or FailureKind.BreakerOpen);
}
