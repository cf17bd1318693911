namespace CioOrleans.Attempts;

/// <summary>
/// The end of a request to Customer.io: its response was read, or a packet life has passed since its connection was reset. Only then may the customer's next
/// request be sent, and only then does the token's window start.
/// </summary>
public static class RequestEnd
{
    /// <summary>
    /// The maximum time that a packet may be in the network after its socket was reset: 2 s. A network that holds packets for longer can deliver a request
    /// after its own repeat; no promise covers that.
    /// </summary>
    public static readonly TimeSpan PacketLife = TimeSpan.FromSeconds(2);

    /// <summary>The longest time from the start of an attempt to the end of its request.</summary>
    /// <param name="attemptTimeout">The attempt's time-out.</param>
    public static TimeSpan Longest(TimeSpan attemptTimeout) => attemptTimeout + PacketLife;
}
