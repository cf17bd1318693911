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
    [property: Id(10)] IReadOnlyList<HostStatus>? Hosts = null);
