using CioOrleans.Workspaces;

namespace CioOrleans.Scheduling;

/// <summary>The scheduler as its operator sees it.</summary>
/// <param name="Limits">One entry per limit group.</param>
/// <param name="Ready">Customers that wait for a permit.</param>
/// <param name="InFlight">Requests on their way, and customers whose dead letter is being stored.</param>
/// <param name="WaitingForRetry">Customers whose head waits for its back-off.</param>
/// <param name="Parked">Customers whose head waits for the other person of a merge.</param>
/// <param name="WaitingPassThroughs">Live callers that wait for a permit.</param>
/// <param name="IsPaused">An operator has paused everything, or only probes are sent to one of the hosts.</param>
/// <param name="PauseReason">Why; of several hosts in trouble the first. Null where nothing is paused.</param>
/// <param name="Hosts">One entry for each host that the workspace uses.</param>
/// <param name="Counters">What has happened since the start.</param>
public sealed record SchedulerStatus(
    IReadOnlyList<LimitStatus> Limits,
    int Ready,
    int InFlight,
    int WaitingForRetry,
    int Parked,
    int WaitingPassThroughs,
    bool IsPaused,
    string? PauseReason,
    IReadOnlyList<HostStatus> Hosts,
    SchedulerCounters Counters);
