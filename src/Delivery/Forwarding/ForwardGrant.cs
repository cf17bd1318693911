namespace CioOrleans.Delivery.Forwarding;

/// <summary>The workspace's answer to a request for a permit.</summary>
public abstract record ForwardGrant
{
    private ForwardGrant()
    {
    }

    /// <summary>The request may be sent.</summary>
    public sealed record Granted(ForwardPermit Permit) : ForwardGrant;

    /// <summary>The limit has no room; a repeat may succeed after <paramref name="RetryAfter"/>.</summary>
    public sealed record Refused(string Reason, TimeSpan RetryAfter) : ForwardGrant;

    /// <summary>The workspace's owner did not answer.</summary>
    public sealed record Unavailable : ForwardGrant
    {
        public static Unavailable Instance { get; } = new();
    }
}
