using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>From <paramref name="Start"/> on, and until before <paramref name="End"/>, nothing gets through to a host.</summary>
/// <param name="Start">From when on.</param>
/// <param name="End">Until before when.</param>
/// <param name="Kind">How it fails.</param>
/// <param name="Host">The host that fails; null for all of them.</param>
internal sealed record Outage(TimeSpan Start, TimeSpan End, OutageKind Kind, UpstreamHost? Host = null);
