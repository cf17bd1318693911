namespace CioOrleans.Upgrade;

/// <summary>A cluster of the landed version becomes one of this version under load, one process after the other.</summary>
public sealed class RollingUpgradeTests(ITestOutputHelper output)
{
    /// <summary>For all processes, on a loaded machine. Each wait within has a shorter bound.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    [Fact(Timeout = TestTimeout.OfBuilds)]
    public async Task Upgrading_every_process_in_turn_loses_and_repeats_nothing_and_keeps_order_and_limit()
    {
        Assert.SkipUnless(PostgresServer.MissingReason is null, PostgresServer.MissingReason ?? "");
        await using var cluster = await ClusterHarness.StartAsync(silos: 2, frontEnds: 2, programs: await LandedVersion.ProgramsAsync());
        var (account, load) = await FaultRun.UnderLoadAsync(cluster, UpgradeAsync, output.WriteLine).WaitAsync(_patience, TimeProvider.System);

        Assert.Empty(account.Violations);
        Assert.Equal((0, 0), (account.DeadLetters, account.Repeats));
        Assert.Equal(Enum.GetValues<LoadKind>(), account.Acknowledged.Keys.Order());

        // A front-end that ends refuses the calls that it has just got; the other takes the repeat.
        Assert.InRange(load.Uncured, 0, 1);

        async Task UpgradeAsync(Load load)
        {
            // Silos first, as docs/upgrading.md says: a front-end of this version may call what a silo of the landed one lacks.
            var current = ClusterPrograms.Current;
            foreach (var (process, assembly) in cluster.Silos.Select(silo => (silo.Process, current.Silo)).Concat(cluster.FrontEnds.Select(frontEnd => (frontEnd, current.Api))))
            {
                Assert.Equal(0, await process.TerminateAsync());
                process.Assembly = assembly;
                await process.StartAsync();
                await load.WaitUntilServedAsync(TimeProvider.System.GetUtcNow());
            }
        }
    }
}
