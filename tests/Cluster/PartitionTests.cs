using CioOrleans.Cluster.Harness;
using CioOrleans.Cluster.Network;
using Xunit.Abstractions;

namespace CioOrleans.Cluster;

/// <summary>Packets are lost without a word; nobody is told that a connection is gone.</summary>
public sealed class PartitionTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private static readonly TimeSpan _lasts = TimeSpan.FromSeconds(15);

    [SkippableFact]
    public async Task An_owner_that_cannot_reach_PostgreSQL_stops_with_its_lease_and_nothing_is_lost()
    {
        var network = RequireNamespaces();
        await Cluster.HealAsync();
        var owner = await Cluster.OwnerAsync();

        var (account, load) = await RunAsync(Faults.PartFromDatabase(network, owner, _lasts).HappenAsync);

        await ReportAsync(owner);
        AssertPromises(account);
        AssertRefusalsAreRetryable(load);
    }

    [SkippableFact]
    public async Task An_owner_that_cannot_reach_its_peers_and_the_front_ends_is_replaced_and_nothing_is_lost()
    {
        var network = RequireNamespaces();
        await Cluster.HealAsync();
        var owner = await Cluster.OwnerAsync();

        var (account, load) = await RunAsync(Faults.PartFromPeers(network, owner, Cluster.Silos, _lasts).HappenAsync);

        await ReportAsync(owner);
        AssertPromises(account);
        AssertRefusalsAreRetryable(load);
    }

    private NamespaceNetwork RequireNamespaces()
    {
        Skip.IfNot(Cluster.Network is NamespaceNetwork, Cluster.Network.CannotCutReason);
        return (NamespaceNetwork)Cluster.Network;
    }

    private async Task ReportAsync(ClusterSilo formerOwner) => Output.WriteLine(
        $"The silo that was cut off {(formerOwner.Process.IsRunning ? "goes on" : "has ended")}; the owner is {(await Cluster.OwnerAsync()).Process.Name}, it was {formerOwner.Process.Name}.");
}
