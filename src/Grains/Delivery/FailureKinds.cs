namespace CioOrleans.Delivery;

/// <summary>What a kind of failure says about its request.</summary>
internal static class FailureKinds
{
    /// <summary>False where certainly nothing was written to the network; true where the request may have arrived.</summary>
    public static bool MayHaveArrived(this FailureKind kind) => kind is not (FailureKind.Unreachable or FailureKind.BreakerOpen);
}
