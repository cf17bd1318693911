namespace CioOrleans.Silo.Configuration;

/// <summary>
/// When a silo is declared dead. With shorter times its customers move sooner after a crash or a hang; with longer times a busy machine or a long garbage
/// collection is less often mistaken for a dead silo.
/// </summary>
/// <param name="ProbeTimeout">A silo answers its peers' probes within this time; 500 ms to 30 s (default: 1 s).</param>
/// <param name="MissedProbes">The number of probes missed in a row that make a silo suspect; 1 to 20 (default: 3).</param>
/// <param name="TableRefresh">How often the membership table is read; 1 s to 5 min (default: 10 s).</param>
/// <param name="IAmAlive">How often a silo writes that it is alive; 1 s to 5 min (default: 5 s). After a crash of all silos a start waits three times as
/// long.</param>
public sealed record MembershipSettings(TimeSpan ProbeTimeout, int MissedProbes, TimeSpan TableRefresh, TimeSpan IAmAlive);
