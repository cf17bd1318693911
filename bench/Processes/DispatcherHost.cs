namespace CioOrleans.Bench.Processes;

/// <summary>Which process serves.</summary>
internal enum DispatcherHost
{
    /// <summary>The product's own.</summary>
    Product,

    /// <summary>The bench's: the product's parts and runtime settings, with <see cref="Server.NothingEndpoint"/> in front.</summary>
    WithNothingEndpoint,
}
