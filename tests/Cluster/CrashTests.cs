using CioOrleans.Cluster.Harness;
using Xunit.Abstractions;

namespace CioOrleans.Cluster;

public sealed class CrashTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    /// <summary>A loaded machine may take three times as long as the 10 s that are aimed at with an attempt time-out of 5 s.</summary>
    private static readonly TimeSpan _resumesWithin = TimeSpan.FromSeconds(30);

    /// <summary>A lease: <c>AttemptTimeout</c> and 3 s.</summary>
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(8);

    [SkippableFact]
    public async Task Killing_the_owners_silo_loses_nothing_and_another_silo_goes_on()
    {
        await Cluster.HealAsync();
        var owner = await Cluster.OwnerAsync();

        var (account, load) = await RunAsync(Faults.Kill(owner.Process).HappenAsync);

        AssertPromises(account);
        Assert.NotSame(owner, await Cluster.OwnerAsync());
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, _resumesWithin);
        AssertRefusalsAreRetryable(load);
    }

    [SkippableFact]
    public async Task Killing_a_silo_that_only_has_customers_loses_nothing_and_an_owner_that_stays_waits_for_no_lease()
    {
        await Cluster.HealAsync();
        var epoch = await Cluster.EpochAsync();
        var bystander = await Cluster.BystanderAsync();

        var (account, load) = await RunAsync(Faults.Kill(bystander.Process).HappenAsync);

        AssertPromises(account);

        // The owner moves where the directory's entry of it was on the silo that died. It gives its lease back only once what it had in
        // flight to that silo has ended, by its time-out at the latest: then its successor waits as after a crash of the owner.
        Assert.NotSame(bystander, await Cluster.OwnerAsync());
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, await Cluster.EpochAsync() == epoch ? _lease : _resumesWithin);
        Assert.InRange(account.SlowestDelivery, TimeSpan.Zero, _resumesWithin);
        AssertRefusalsAreRetryable(load);
    }

    [SkippableFact]
    public async Task Killing_a_front_end_loses_nothing_and_its_callers_go_to_the_other()
    {
        var (account, load) = await RunAsync(Faults.Kill(Cluster.FrontEnds[0]).HappenAsync);

        AssertPromises(account);
        Assert.Equal((0, 0), (account.Duplicates, load.Uncured));
    }
}
