using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

/// <summary>The health of one of Customer.io's hosts for a workspace. The numbers cross the wire: never renumber.</summary>
[GenerateSerializer, Alias("cio.HostState")]
public enum HostState : byte
{
    /// <summary>Calls are delivered.</summary>
    Normal = 0,

    /// <summary>All calls to the host fail; only probes are sent.</summary>
    Outage = 1,

    /// <summary>The host refuses the workspace's settings (401, 403, a redirect): only probes are sent.</summary>
    Misconfigured = 2,
}

/// <summary>One of Customer.io's hosts, as a workspace sees it.</summary>
/// <param name="Host">The host.</param>
/// <param name="State">Whether calls to it are delivered.</param>
/// <param name="Since">When that state began (UTC); the owner's start if it has not changed since.</param>
/// <param name="Reason">Why only probes are sent; null in normal delivery.</param>
/// <param name="NextProbeAt">When the next probe may be sent (UTC); null in normal delivery, and while that depends on the end of a probe.</param>
/// <param name="InFlight">Requests in flight to the host.</param>
/// <param name="Slots">The number of the workspace's concurrent requests that the host may have now.</param>
[GenerateSerializer, Immutable, Alias("cio.HostStatus")]
public sealed record HostStatus(
    [property: Id(0)] UpstreamHost Host,
    [property: Id(1)] HostState State,
    [property: Id(2)] DateTimeOffset Since,
    [property: Id(3)] string? Reason,
    [property: Id(4)] DateTimeOffset? NextProbeAt,
    [property: Id(5)] int InFlight,
    [property: Id(6)] int Slots);
