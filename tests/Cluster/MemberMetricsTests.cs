using System.Globalization;

namespace CioOrleans.Cluster;

public sealed class MemberMetricsTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Every_silo_shows_the_members_and_the_owner_alone_shows_the_lease()
    {
        await Cluster.HealAsync();
        var owner = await Cluster.OwnerAsync();
        var bystander = await Cluster.BystanderAsync();
        var epoch = await Cluster.EpochAsync();

        var owners = await owner.ScrapeAsync();
        var bystanders = await bystander.ScrapeAsync();

        Assert.Contains($$"""cio_cluster_members{status="active"} {{Cluster.Silos.Count}}""", owners);
        Assert.Contains($$"""cio_cluster_members{status="active"} {{Cluster.Silos.Count}}""", bystanders);
        Assert.Contains("""cio_cluster_members{status="joining"} 0""", bystanders);
        Assert.Contains("cio_workspaces_owned 1", owners);
        Assert.Contains("cio_workspaces_owned 0", bystanders);
        Assert.Contains($$"""cio_lease_epoch{workspace="acme"} {{epoch}}""", owners);
        Assert.InRange(Value(owners, "cio_lease_age_seconds"), 0, 5);
        Assert.InRange(Value(owners, "cio_lease_remaining_seconds"), 3, 8);
        Assert.DoesNotContain(bystanders, line => line.StartsWith("cio_lease", StringComparison.Ordinal));
    }

    private static double Value(IReadOnlyList<string> samples, string name) =>
        double.Parse(samples.Single(line => line.StartsWith(name + "{", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
}
