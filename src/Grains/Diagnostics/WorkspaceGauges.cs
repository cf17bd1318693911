using CioOrleans.Grains.Scheduling;
using CioOrleans.Workspaces;

namespace CioOrleans.Grains.Diagnostics;

/// <summary>A workspace at one moment.</summary>
/// <param name="Queued">Waiting calls, including those in flight.</param>
/// <param name="Ready">Customers that wait for a permit.</param>
/// <param name="InFlight">Requests in flight.</param>
/// <param name="WaitingForRetry">Customers whose head waits for the end of its back-off.</param>
/// <param name="IsPaused">Whether an operator has paused the workspace, or only probes are sent to one of the hosts.</param>
/// <param name="Hosts">The hosts that the workspace uses; null before the first measurement.</param>
public readonly record struct WorkspaceGauges(long Queued, int Ready, int InFlight, int WaitingForRetry, bool IsPaused, IReadOnlyList<HostStatus>? Hosts = null)
{
    /// <summary>Customers whose queues a dead letter holds.</summary>
    public int Held { get; init; }

    /// <summary>Dead letters.</summary>
    public long DeadLetters { get; init; }

    /// <summary>The age of the oldest waiting call; zero if none waits.</summary>
    public TimeSpan OldestFor { get; init; }

    /// <summary>How much of each limit group is used; null before the first measurement.</summary>
    public IReadOnlyList<LimitUse>? Limits { get; init; }
}

/// <summary>The lease of a workspace, as its owner holds it at one moment.</summary>
/// <param name="Epoch">The lease's epoch.</param>
/// <param name="RenewedFor">The time since the last successful renewal was sent.</param>
/// <param name="EndsIn">The time until the lease ends unless it is renewed; negative once it has ended.</param>
public readonly record struct LeaseGauges(long Epoch, TimeSpan RenewedFor, TimeSpan EndsIn);
