namespace CioOrleans.Delivery;

/// <summary>
/// When a request to Customer.io has ended: when its response was read, or a packet life after its connection was reset. Only then
/// may the customer's next request leave, and only from then does the token's window count.
/// </summary>
public static class RequestEnd
{
    /// <summary>
    /// How long a packet may be on its way in the network after its socket was reset: 2 s. A network that holds packets for longer
    /// can deliver a request behind its own repeat; no promise covers that.
    /// </summary>
    public static readonly TimeSpan PacketLife = TimeSpan.FromSeconds(2);

    /// <summary>The longest time from the start of an attempt to the end of its request.</summary>
    /// <param name="attemptTimeout">The attempt's time-out.</param>
    public static TimeSpan Longest(TimeSpan attemptTimeout) => attemptTimeout + PacketLife;
}
