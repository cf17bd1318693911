using CioOrleans.Workspaces;

namespace CioOrleans.Scheduling;

/// <summary>The scheduler as its operator sees it.</summary>
/// <param name="Limits">One entry per limit group.</param>
/// <param name="Ready">Customers that wait for a permit.</param>
/// <param name="InFlight">Requests on their way, and customers whose dead letter is being stored.</param>
/// <param name="WaitingForRetry">Customers whose head waits for its back-off.</param>
/// <param name="Parked">Customers whose head waits for the other person of a merge.</param>
/// <param name="WaitingPassThroughs">Live callers that wait for a permit.</param>
/// <param name="IsPaused">Nothing but probes is sent: by an operator, or because of what <paramref name="PauseReason"/> says.</param>
/// <param name="PauseReason">Why it is paused; null when it is not.</param>
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
    SchedulerCounters Counters);
