namespace CioOrleans.Delivery;

/// <summary>What a response means for the call it answers.</summary>
public enum Verdict
{
    /// <summary>Customer.io took it.</summary>
    Delivered,

    /// <summary>Customer.io refused it and will refuse it again.</summary>
    Rejected,

    /// <summary>A repeat may succeed.</summary>
    Failed,

    /// <summary>The limit was exceeded.</summary>
    Throttled,

    /// <summary>Every call of the workspace would get this answer: its settings are wrong.</summary>
    Misconfigured,
}
