using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Scheduling;

/// <summary>The scheduler as its operator sees it.</summary>
/// <param name="Limits">One entry for each limit group.</param>
/// <param name="Ready">Customers that wait for a permit.</param>
/// <param name="InFlight">Requests in flight, and customers whose dead letter is being stored.</param>
/// <param name="WaitingForRetry">Customers whose head waits for the end of its back-off.</param>
/// <param name="Parked">Customers whose head waits for the other person of a merge.</param>
/// <param name="WaitingPassThroughs">Callers that wait for a permit.</param>
/// <param name="IsPaused">Whether an operator has paused the workspace, or only probes are sent to one of the hosts.</param>
/// <param name="PauseReason">Why; if several hosts are in trouble, the reason of the first. Null if nothing is paused.</param>
/// <param name="Hosts">One entry for each host that the workspace uses.</param>
/// <param name="Counters">The counters since the start.</param>
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
    SchedulerCounters Counters)
{
    /// <summary>Customers whose queues a dead letter holds.</summary>
    public int Held { get; init; }

    /// <summary>How much of each limit group is used.</summary>
    public IReadOnlyList<LimitUse> Uses { get; init; } = [];
}

/// <summary>How much of a limit group is used.</summary>
/// <param name="LimitClass">The first class of the group.</param>
/// <param name="Share">The share of its tokens that are out, from 0 to 1.</param>
public readonly record struct LimitUse(LimitClass LimitClass, double Share);

/// <summary>A scheduler's counters since its start.</summary>
/// <param name="Granted">Permits, including those returned unused.</param>
/// <param name="Unused">Permits under which nothing was sent.</param>
/// <param name="Throttled">Responses with 429.</param>
/// <param name="IgnoredHeaders">Invalid rate limit headers.</param>
/// <param name="Outages">Outages that were found.</param>
public readonly record struct SchedulerCounters(long Granted, long Unused, long Throttled, long IgnoredHeaders, long Outages);
