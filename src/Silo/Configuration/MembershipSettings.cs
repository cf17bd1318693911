namespace CioOrleans.Configuration;

/// <summary>
/// When a silo is taken for dead. The shorter, the sooner its customers move after a crash or a hang; the longer, the less a busy
/// machine or a long garbage collection looks like one.
/// </summary>
/// <param name="ProbeTimeout">A silo answers its peers' probes within this time; 500 ms to 30 s (default: 1 s).</param>
/// <param name="MissedProbes">So many missed in a row make it suspect; 1 to 20 (default: 3).</param>
/// <param name="TableRefresh">How often the membership table is read; 1 s to 5 min (default: 10 s).</param>
/// <param name="IAmAlive">How often a silo writes that it lives; after a crash of all, a start waits three times as long; 1 s to 5 min (default: 5 s).</param>
public sealed record MembershipSettings(TimeSpan ProbeTimeout, int MissedProbes, TimeSpan TableRefresh, TimeSpan IAmAlive);
