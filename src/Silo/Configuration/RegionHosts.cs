namespace CioOrleans.Silo.Configuration;

/// <summary>The hosts of Customer.io's regions, as its documentation names them.</summary>
internal static class RegionHosts
{
    public static Uri Track(Region region) => new(region == Region.EU ? "https://track-eu.customer.io" : "https://track.customer.io");

    public static Uri Pipelines(Region region) => new(region == Region.EU ? "https://cdp-eu.customer.io" : "https://cdp.customer.io");

    public static Uri App(Region region) => new(region == Region.EU ? "https://api-eu.customer.io" : "https://api.customer.io");
}

/// <summary>Where Customer.io keeps a workspace's data. It decides which hosts serve the workspace.</summary>
internal enum Region
{
    US,
    EU,
}
