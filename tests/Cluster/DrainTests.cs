namespace CioOrleans.Cluster;

/// <summary>An operator takes a silo's workspaces away under load.</summary>
public sealed class DrainTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    /// <summary>
    /// The aim is a second. A drain ends with everything in flight: on a loaded machine, or while deliveries are on their way to a silo that has just gone, that takes as long
    /// as a permit.
    /// </summary>
    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(15);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Draining_the_owners_silo_moves_the_workspace_at_once_and_no_caller_fails_twice()
    {
        await Cluster.HealAsync();
        var (owner, epoch) = (await Cluster.OwnerAsync(), await Cluster.EpochAsync());
        try
        {
            var (account, load) = await RunAsync(() => Cluster.DrainAsync(owner));

            AssertPromises(account, repeats: 0);
            AssertCuredByOneRepeat(load);
            AssertRefusalsAreRetryable(load);
            Assert.NotSame(owner, await Cluster.OwnerAsync());
            Assert.Equal(epoch + 1, await Cluster.EpochAsync());
            Assert.InRange(account.LongestSilence, TimeSpan.Zero, _longestSilence);
        }
        finally
        {
            // It takes no workspace before it is started again.
            await owner.Process.TerminateAsync();
        }
    }
}
