namespace CioOrleans.Bench.Processes;

/// <summary>What <c>/admin/workspaces/{workspace}</c> says.</summary>
internal sealed record DispatcherStatus(bool IsPaused, string? PauseReason, long Queued, int Ready, int InFlight, int WaitingForRetry, long DeadLetters);
