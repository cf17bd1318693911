namespace CioOrleans.Workspaces;

/// <summary>A workspace as its operator sees it.</summary>
/// <param name="Limits">One entry per limit group.</param>
/// <param name="Queued">Calls that wait, those in flight among them.</param>
/// <param name="ReadyCustomers">Customers that wait for a permit.</param>
/// <param name="InFlight">Requests on their way.</param>
/// <param name="WaitingForRetry">Customers whose head waits for its back-off.</param>
/// <param name="DeadLetters">Dead letters that nobody has replayed or discarded.</param>
/// <param name="IsPaused">An operator has paused everything, or only probes are sent to one of the <paramref name="Hosts"/>.</param>
/// <param name="PauseReason">Why; of several hosts in trouble the first. Null where nothing is paused.</param>
/// <param name="Epoch">The epoch of the owner's lease.</param>
/// <param name="Owner">The address of the silo where the owner lives, as logs name it; null from a silo that does not say.</param>
/// <param name="Hosts">One entry for each host that the workspace uses; null from a silo that does not say.</param>
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
