namespace CioOrleans.Delivery;

/// <summary>The meaning of an attempt for its call. <see cref="OutcomeTable"/> decides.</summary>
public enum AttemptOutcome
{
    /// <summary>Customer.io accepted the call.</summary>
    Delivered,

    /// <summary>Customer.io refused the call and would refuse it again.</summary>
    Rejected,

    /// <summary>The call was not carried out, or a repeat of it is harmless. A repeat may succeed.</summary>
    Failed,

    /// <summary>The limit was exceeded. The call was not carried out.</summary>
    Throttled,

    /// <summary>The workspace's settings are wrong: every call to the host would get this answer.</summary>
    Misconfigured,

    /// <summary>Sends only: the message may have been sent. The dispatcher never repeats it by itself.</summary>
    Unknown,
}
