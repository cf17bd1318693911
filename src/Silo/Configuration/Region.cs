namespace CioOrleans.Silo.Configuration;

/// <summary>Where Customer.io keeps a workspace's data. It decides which hosts serve the workspace.</summary>
internal enum Region
{
    US,
    EU,
}
