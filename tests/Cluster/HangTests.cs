using CioOrleans.Cluster.Harness;
using Xunit.Abstractions;

namespace CioOrleans.Cluster;

/// <summary>A process that is stopped and goes on later does not know that it was away: this is what makes two owners, and twins of grains.</summary>
public sealed class HangTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    [SkippableFact]
    public Task An_owner_that_hangs_for_3_seconds_sends_nothing_out_of_turn_afterwards() => HangAsync(TimeSpan.FromSeconds(3));

    [SkippableFact]
    public Task An_owner_that_hangs_for_30_seconds_has_been_replaced_and_sends_nothing_under_its_old_lease() => HangAsync(TimeSpan.FromSeconds(30));

    private async Task HangAsync(TimeSpan pause)
    {
        await Cluster.HealAsync();
        var owner = await Cluster.OwnerAsync();

        var (account, load) = await RunAsync(Faults.Hang(owner.Process, pause).HappenAsync);

        Output.WriteLine($"The silo that hung {(owner.Process.IsRunning ? "goes on" : "has ended")}; the owner is {(await Cluster.OwnerAsync()).Process.Name}, it was {owner.Process.Name}.");
        AssertPromises(account);
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, TimeSpan.FromSeconds(35));
        AssertRefusalsAreRetryable(load);
    }
}
