namespace CioOrleans.Configuration;

/// <summary>Where Customer.io keeps a workspace's data, and so which hosts serve it.</summary>
internal enum Region
{
    US,
    EU,
}
