namespace CioOrleans.Testing.Network;

/// <summary>Where a silo runs.</summary>
/// <param name="Address">By which its peers and the front-ends reach it.</param>
/// <param name="SiloPort">For its peers.</param>
/// <param name="GatewayPort">For front-ends.</param>
/// <param name="HealthPort">For HTTP.</param>
/// <param name="RunPrefix">The prefix of its command, which runs it there.</param>
public sealed record SiloPlace(string Address, int SiloPort, int GatewayPort, int HealthPort, IReadOnlyList<string> RunPrefix);
