namespace CioOrleans.Cluster;

/// <summary>Packets are lost silently: neither side learns that a connection is gone.</summary>
public sealed class PartitionTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private static readonly TimeSpan _lasts = TimeSpan.FromSeconds(15);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task An_owner_that_cannot_reach_PostgreSQL_stops_with_its_lease_and_nothing_is_lost()
    {
        var network = RequireNamespaces();
        await Cluster.HealAsync();
        var (owner, epoch) = (await Cluster.OwnerAsync(), await Cluster.EpochAsync());

        var (account, load) = await RunAsync(Faults.PartFromDatabase(network, owner, _lasts).HappenAsync);

        AssertPromises(account);
        await AssertReplacedAsync(owner, epoch);
        AssertRefusalsAreRetryable(load);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task An_owner_that_cannot_reach_its_peers_and_the_front_ends_is_replaced_and_nothing_is_lost()
    {
        var network = RequireNamespaces();
        await Cluster.HealAsync();
        var (owner, epoch) = (await Cluster.OwnerAsync(), await Cluster.EpochAsync());

        var (account, load) = await RunAsync(Faults.PartFromPeers(network, owner, Cluster.Silos, _lasts).HappenAsync);

        AssertPromises(account);
        await AssertReplacedAsync(owner, epoch);
        AssertRefusalsAreRetryable(load);
    }

    private NamespaceNetwork RequireNamespaces()
    {
        Assert.SkipUnless(Cluster.Network is NamespaceNetwork, Cluster.Network.CannotCutReason ?? "");
        return (NamespaceNetwork)Cluster.Network;
    }

    /// <summary>Another silo owns the workspace, and no third silo has owned it in between.</summary>
    private async Task AssertReplacedAsync(ClusterSilo formerOwner, long formerEpoch)
    {
        Assert.NotSame(formerOwner, await Cluster.OwnerAsync());
        Assert.Equal(formerEpoch + 1, await Cluster.EpochAsync());
    }
}
