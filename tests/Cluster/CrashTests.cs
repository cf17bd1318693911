namespace CioOrleans.Cluster;

public sealed class CrashTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    /// <summary>The aim is the attempt time-out and 4 s; a loaded machine takes longer.</summary>
    private static readonly TimeSpan _resumesWithin = TimeSpan.FromSeconds(20);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Killing_the_owners_silo_loses_nothing_and_another_silo_goes_on()
    {
        await Cluster.HealAsync();
        var (owner, epoch) = (await Cluster.OwnerAsync(), await Cluster.EpochAsync());

        var (account, load) = await RunAsync(Faults.Kill(owner.Process).HappenAsync);

        AssertPromises(account);
        Assert.Empty(account.Recorded);
        Assert.NotSame(owner, await Cluster.OwnerAsync());
        Assert.Equal(epoch + 1, await Cluster.EpochAsync());
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, _resumesWithin);
        AssertRefusalsAreRetryable(load);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Killing_a_silo_that_only_has_customers_loses_nothing_and_the_owner_stays()
    {
        await Cluster.HealAsync();
        var (owner, epoch) = (await Cluster.OwnerAsync(), await Cluster.EpochAsync());
        var bystander = await Cluster.BystanderAsync();

        var (account, load) = await RunAsync(Faults.Kill(bystander.Process).HappenAsync);

        AssertPromises(account);
        Assert.Empty(account.Recorded);
        Assert.Same(owner, await Cluster.OwnerAsync());
        Assert.Equal(epoch, await Cluster.EpochAsync());
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, _resumesWithin);
        Assert.InRange(account.SlowestDelivery, TimeSpan.Zero, _resumesWithin);
        AssertRefusalsAreRetryable(load);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Killing_a_front_end_loses_nothing_and_its_callers_go_to_the_other()
    {
        var (account, load) = await RunAsync(Faults.Kill(Cluster.FrontEnds[0]).HappenAsync);

        AssertPromises(account);
        Assert.Empty(account.Recorded);
        Assert.Equal(0, account.Repeats);
        AssertCuredByOneRepeat(load);
    }
}
