namespace CioOrleans.Bench.Reporting;

/// <summary>One measured figure.</summary>
/// <param name="Scenario">What it was measured in.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">As measured, with its unit.</param>
/// <param name="Target">What it should be; empty where it is only told.</param>
/// <param name="IsMet">Whether it is; null where there is no target.</param>
/// <param name="Baseline">The same figure of what it is compared with; empty where there is nothing.</param>
internal sealed record Figure(string Scenario, string Name, string Value, string Target, bool? IsMet, string Baseline);
