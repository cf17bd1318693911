namespace CioOrleans.Cluster;

/// <summary>A process that is stopped and goes on later does not know that it was away: this is what makes two owners, and twins of grains.</summary>
public sealed class HangTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public Task An_owner_that_hangs_for_3_seconds_sends_nothing_out_of_turn_afterwards() => HangAsync(TimeSpan.FromSeconds(3), isReplaced: false);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public Task An_owner_that_hangs_for_15_seconds_has_been_replaced_and_sends_nothing_under_its_old_lease() => HangAsync(TimeSpan.FromSeconds(15), isReplaced: true);

    /// <summary>
    /// A frozen process cannot reset its connections. Its kernel repeats what was lost, ever more rarely: what it transmits after its successor has begun
    /// would arrive behind the successor's calls.
    /// </summary>
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task An_owner_that_hangs_while_its_packets_are_lost_leaves_nothing_that_arrives_behind_its_successors_calls()
    {
        await Cluster.HealAsync();
        Assert.SkipWhen(Cluster.Network.CannotCutReason is not null, Cluster.Network.CannotCutReason ?? "");
        var (owner, epoch) = (await Cluster.OwnerAsync(), await Cluster.EpochAsync());

        var (account, _) = await RunAsync(async () =>
        {
            await Cluster.Network.CutAsync(owner.Place.Address, Cluster.Network.SandboxAddress);
            var began = TimeProvider.System.GetTimestamp();

            // Long enough for every customer of the silo to have a request on its way, and shorter than an attempt.
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            await owner.Process.SignalAsync("STOP");
            try
            {
                await Wait.UntilAsync("The successor's epoch", _patience, async () => await Cluster.EpochAsync() != epoch);

                // The successor has delivered what the frozen silo holds too, and calls behind it.
                await Cluster.Sandbox.WaitForProcessedAsync(Cluster.Sandbox.Report().Order.Processed + 100);
                await Cluster.Network.MendAsync();
                await UntilTransmittedAgainAsync(began);
            }
            finally
            {
                await Cluster.Network.MendAsync();
                await owner.Process.SignalAsync("CONT");
            }
        });

        Output.WriteLine($"The owner is {(await Cluster.OwnerAsync()).Process.Name}, it was {owner.Process.Name}.");
        AssertPromises(account);
    }

    /// <summary>The kernel repeats what was not acknowledged after about 0.2, 0.6, 1.4, 3, 6.2, 12.6, 25.4 and 51 s, each time from a second earlier to half as long later. Waits for the next time.</summary>
    private static async Task UntilTransmittedAgainAsync(long began)
    {
        var next = TimeSpan.FromSeconds(0.2);
        var step = next;
        while (next < TimeProvider.System.GetElapsedTime(began))
        {
            step *= 2;
            next += step;
        }

        await Task.Delay(next + TimeSpan.FromSeconds(3) - TimeProvider.System.GetElapsedTime(began), TimeProvider.System);
    }

    /// <param name="pause">How long the owner's process is frozen.</param>
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
