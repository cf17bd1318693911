namespace CioOrleans.Diagnostics;

/// <summary>A workspace at one moment.</summary>
/// <param name="Queued">Calls that wait, those in flight among them.</param>
/// <param name="Ready">Customers that wait for a permit.</param>
/// <param name="InFlight">Requests on their way.</param>
/// <param name="WaitingForRetry">Customers whose head waits for its back-off.</param>
/// <param name="IsPaused">Nothing is sent.</param>
public readonly record struct WorkspaceGauges(long Queued, int Ready, int InFlight, int WaitingForRetry, bool IsPaused);
