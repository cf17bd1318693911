using CioOrleans.Workspaces;

namespace CioOrleans.Diagnostics;

/// <summary>A workspace at one moment.</summary>
/// <param name="Queued">Calls that wait, those in flight among them.</param>
/// <param name="Ready">Customers that wait for a permit.</param>
/// <param name="InFlight">Requests on their way.</param>
/// <param name="WaitingForRetry">Customers whose head waits for its back-off.</param>
/// <param name="IsPaused">An operator has paused everything, or only probes are sent to one of the hosts.</param>
/// <param name="Hosts">The hosts that the workspace uses; null before the first measurement.</param>
public readonly record struct WorkspaceGauges(long Queued, int Ready, int InFlight, int WaitingForRetry, bool IsPaused, IReadOnlyList<HostStatus>? Hosts = null);

/// <summary>The lease of a workspace, as its owner holds it at one moment.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="RenewedFor">Time since the last renewal that succeeded was sent.</param>
/// <param name="EndsIn">Time until it ends unless it is renewed; negative once it has ended.</param>
public readonly record struct LeaseGauges(long Epoch, TimeSpan RenewedFor, TimeSpan EndsIn);
