namespace CioOrleans.Grains.Scheduling;

/// <summary>A scheduler's counters since its start.</summary>
/// <param name="Granted">Permits, including those returned unused.</param>
/// <param name="Unused">Permits under which nothing was sent.</param>
/// <param name="Throttled">Responses with 429.</param>
/// <param name="IgnoredHeaders">Invalid rate limit headers.</param>
/// <param name="Outages">Outages that were found.</param>
public readonly record struct SchedulerCounters(long Granted, long Unused, long Throttled, long IgnoredHeaders, long Outages);
