using Xunit.Abstractions;

namespace CioOrleans.Cluster;

public sealed class RollingRestartTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    [SkippableFact]
    public async Task Restarting_every_process_in_turn_repeats_nothing_and_fails_no_caller_twice()
    {
        var (account, load) = await RunAsync(async () =>
        {
            foreach (var process in Cluster.Silos.Select(silo => silo.Process).Concat(Cluster.FrontEnds))
            {
                Assert.Equal(0, await process.TerminateAsync());
                await process.StartAsync();
            }
        });

        AssertPromises(account, faults: 0);
        Assert.Equal(0, load.Uncured);
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }
}
