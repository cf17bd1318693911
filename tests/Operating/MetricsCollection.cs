namespace CioOrleans.Operating.Tests;

/// <summary>
/// Tests that measure and scrape. They run one after the other: the exporter of a host shows what any host of the process measures on the dispatcher's meter.
/// </summary>
[CollectionDefinition(Name)]
public sealed class MetricsCollection
{
    public const string Name = "Metrics";
}
