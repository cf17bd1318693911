using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

/// <summary>A workspace as its operator sees it.</summary>
/// <param name="Limits">One entry for each limit group.</param>
/// <param name="Queued">Waiting calls, including those in flight.</param>
/// <param name="ReadyCustomers">Customers that wait for a permit.</param>
/// <param name="InFlight">Requests in flight.</param>
/// <param name="WaitingForRetry">Customers whose head waits for the end of its back-off.</param>
/// <param name="DeadLetters">The number of dead letters.</param>
/// <param name="IsPaused">Whether an operator has paused the workspace, or only probes are sent to one of the <paramref name="Hosts"/>.</param>
/// <param name="PauseReason">Why; if several hosts are in trouble, the reason of the first. Null if nothing is paused.</param>
/// <param name="Epoch">The epoch of the owner's lease.</param>
/// <param name="Owner">The address of the owner's silo, as logs name it; null from a silo that does not report it.</param>
/// <param name="Hosts">One entry for each host that the workspace uses; null from a silo that does not report them.</param>
[GenerateSerializer, Immutable, Alias("cio.WorkspaceStatus")]
public sealed record WorkspaceStatus(
    [property: Id(0)] IReadOnlyList<LimitStatus> Limits,
    [property: Id(1)] long Queued,
    [property: Id(2)] int ReadyCustomers,
    [property: Id(3)] int InFlight,
    [property: Id(4)] int WaitingForRetry,
    [property: Id(5)] long DeadLetters,
    [property: Id(6)] bool IsPaused,
    [property: Id(7)] string? PauseReason,
    [property: Id(8)] long Epoch,
    [property: Id(9)] string? Owner = null,
    [property: Id(10)] IReadOnlyList<HostStatus>? Hosts = null)
{
    /// <summary>Customers whose queues a dead letter holds.</summary>
    [Id(11)]
    public int HeldCustomers { get; init; }
}

/// <summary>One limit group of a workspace: the classes that share its buckets.</summary>
/// <param name="Classes">The classes of the group.</param>
/// <param name="Limits">The configured limits, such as <c>100/1s</c>.</param>
/// <param name="Rate">The maximum number of requests per second now; lower than configured after a 429.</param>
/// <param name="Tokens">Tokens that can be taken now.</param>
/// <param name="PausedUntil">The end of the group's pause; null if it is not paused.</param>
[GenerateSerializer, Immutable, Alias("cio.LimitStatus")]
public sealed record LimitStatus(
    [property: Id(0)] IReadOnlyList<LimitClass> Classes,
    [property: Id(1)] string Limits,
    [property: Id(2)] double Rate,
    [property: Id(3)] int Tokens,
    [property: Id(4)] DateTimeOffset? PausedUntil);

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
