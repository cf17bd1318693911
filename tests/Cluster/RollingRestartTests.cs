using Xunit.Abstractions;

namespace CioOrleans.Cluster;

public sealed class RollingRestartTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    /// <summary>One second is what is aimed at; a loaded machine takes longer, but no longer than after a crash.</summary>
    private static readonly TimeSpan _pausesFor = TimeSpan.FromSeconds(15);

    [SkippableFact]
    public async Task Restarting_every_process_in_turn_repeats_nothing_and_fails_no_caller_twice()
    {
        await Cluster.HealAsync();
        var epoch = await Cluster.EpochAsync();
        var (account, load) = await RunAsync(async () =>
        {
            foreach (var process in Cluster.Silos.Select(silo => silo.Process).Concat(Cluster.FrontEnds))
            {
                Assert.Equal(0, await process.TerminateAsync());
                await process.StartAsync();
            }
        });

        AssertPromises(account, duplicates: 0);
        Assert.Equal(0, load.Uncured);

        // One hand-over for each restart of the silo that owned the workspace.
        Assert.InRange(await Cluster.EpochAsync() - epoch, 1, Cluster.Silos.Count);
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, _pausesFor);
    }
}
