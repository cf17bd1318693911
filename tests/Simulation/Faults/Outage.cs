namespace CioOrleans.Simulation;

/// <summary>From <paramref name="Start"/> on, and until before <paramref name="End"/>, nothing gets through.</summary>
internal sealed record Outage(TimeSpan Start, TimeSpan End, OutageKind Kind);
