using Xunit.Abstractions;

namespace CioOrleans.Cluster;

public sealed class CrashTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    [SkippableFact]
    public async Task Killing_the_owners_silo_loses_nothing_and_another_silo_goes_on()
    {
        var owner = await Cluster.OwnerAsync();

        var (account, _) = await RunAsync(owner.Process.KillAsync);

        AssertPromises(account);
        Assert.NotSame(owner, await Cluster.OwnerAsync());
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
