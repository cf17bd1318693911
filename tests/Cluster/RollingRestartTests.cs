using System.Globalization;

namespace CioOrleans.Cluster;

public sealed class RollingRestartTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    /// <summary>For one roll on a loaded machine, no longer than after a crash. The figures to reach are judged over many rolls.</summary>
    private static readonly TimeSpan _pausesFor = TimeSpan.FromSeconds(15);

    /// <summary>How often each process is restarted: once, or as often as <c>CIO_ROLLS</c> says to measure the figures.</summary>
    private static readonly int _rolls = Environment.GetEnvironmentVariable("CIO_ROLLS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 1;

    // No time-out of the whole test: CIO_ROLLS decides how long it takes, and each wait in it has a bound.
    [Fact]
    public async Task Restarting_every_process_in_turn_repeats_nothing_and_fails_no_caller_twice()
    {
        await Cluster.HealAsync();
        var epoch = await Cluster.EpochAsync();
        List<DateTimeOffset> ends = [];
        var (account, load) = await RunAsync(
            async load =>
            {
                while (ends.Count < _rolls)
                {
                    foreach (var process in Cluster.Silos.Select(silo => silo.Process).Concat(Cluster.FrontEnds))
                    {
                        Assert.Equal(0, await process.TerminateAsync());
                        await process.StartAsync();

                        // A caller that was refused has repeated its call before the process goes that the repeat may meet.
                        await load.WaitUntilServedAsync(TimeProvider.System.GetUtcNow());
                    }

                    ends.Add(TimeProvider.System.GetUtcNow());
                }
            },
            longer: _rolls * TimeSpan.FromMinutes(1));

        TimeSpan[] silences = [.. ends.Select((end, roll) => account.Silences
            .Where(silence => silence.End <= end && (roll == 0 || silence.End > ends[roll - 1])).Select(silence => silence.Length).DefaultIfEmpty().Max())];
        Output.WriteLine($"Longest silence of each roll: {string.Join(", ", silences.Select(silence => silence.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)))} s.");
        AssertPromises(account, repeats: 0);
        AssertCuredByOneRepeat(load);

        // One hand-over for each restart of the silo that owned the workspace.
        Assert.InRange(await Cluster.EpochAsync() - epoch, _rolls, _rolls * Cluster.Silos.Count);
        Assert.InRange(account.LongestSilence, TimeSpan.Zero, _pausesFor);
        if (_rolls >= 10)
        {
            Assert.All(silences, silence => Assert.InRange(silence, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
            Assert.InRange(silences.Count(silence => silence > TimeSpan.FromSeconds(1)), 0, _rolls / 10);
        }
    }
}
