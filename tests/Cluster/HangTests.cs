using CioOrleans.Cluster.Harness;
using Xunit.Abstractions;

namespace CioOrleans.Cluster;

/// <summary>A process that is stopped and goes on later does not know that it was away: this is what makes two owners, and twins of grains.</summary>
public sealed class HangTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    [SkippableFact]
    public Task An_owner_that_hangs_for_3_seconds_sends_nothing_out_of_turn_afterwards() => HangAsync(TimeSpan.FromSeconds(3), isReplaced: false);

    [SkippableFact]
    public Task An_owner_that_hangs_for_15_seconds_has_been_replaced_and_sends_nothing_under_its_old_lease() => HangAsync(TimeSpan.FromSeconds(15), isReplaced: true);

    /// <param name="pause">For how long the owner's process stands still.</param>
    /// <param name="isReplaced">Whether another silo must have become the owner; otherwise it may or may not.</param>
    private async Task HangAsync(TimeSpan pause, bool isReplaced)
    {
        await Cluster.HealAsync();
        var (owner, epoch) = (await Cluster.OwnerAsync(), await Cluster.EpochAsync());

        var (account, load) = await RunAsync(Faults.Hang(owner.Process, pause).HappenAsync);

        Output.WriteLine($"The silo that hung {(owner.Process.IsRunning ? "goes on" : "has ended")}; the owner is {(await Cluster.OwnerAsync()).Process.Name}, it was {owner.Process.Name}.");
        AssertPromises(account);
        var epochs = await Cluster.EpochAsync() - epoch;
        Assert.InRange(epochs, isReplaced ? 1 : 0, 1);
        Assert.Equal(epochs == 1, owner != await Cluster.OwnerAsync());

        // The aim is the attempt time-out and 4 s; a loaded machine takes longer. Without a replacement it would be the whole pause and more.
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        AssertRefusalsAreRetryable(load);
    }
}
