namespace CioOrleans.Delivery;

/// <summary>The meaning of a response for the call that it answers.</summary>
public enum Verdict
{
    /// <summary>Customer.io accepted the call.</summary>
    Delivered,

    /// <summary>Customer.io refused the call and would refuse it again.</summary>
    Rejected,

    /// <summary>A repeat may succeed.</summary>
    Failed,

    /// <summary>The limit was exceeded.</summary>
    Throttled,

    /// <summary>The workspace's settings are wrong: every call to the host would get this answer.</summary>
    Misconfigured,
}
