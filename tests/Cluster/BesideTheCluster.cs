namespace CioOrleans.Cluster;

/// <summary>Tests with processes of their own: one after the other, while the tests of the shared cluster run.</summary>
[CollectionDefinition(Name)]
public sealed class BesideTheCluster
{
    public const string Name = "beside the cluster";
}
