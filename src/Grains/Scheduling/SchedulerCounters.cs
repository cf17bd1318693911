namespace CioOrleans.Scheduling;

/// <summary>What a scheduler has counted since it was made.</summary>
/// <param name="Granted">Permits, those that came back unused among them.</param>
/// <param name="Unused">Permits under which nothing was sent.</param>
/// <param name="Throttled">Responses with 429.</param>
/// <param name="IgnoredHeaders">Rate-limit headers that were nonsense.</param>
/// <param name="Outages">How often calls failed for everybody.</param>
public readonly record struct SchedulerCounters(long Granted, long Unused, long Throttled, long IgnoredHeaders, long Outages);
