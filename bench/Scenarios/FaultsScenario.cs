using System.Globalization;
using CioOrleans.Bench.Reporting;
using CioOrleans.Cluster.Harness;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// Three silos, two front-ends, PostgreSQL; under load one fault after the other, drawn at random: kills, hangs, orderly stops,
/// partitions, the database gone. What a fault ended is started again before the next.
/// </summary>
internal sealed class FaultsScenario(int minutes, int seed) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"faults for {minutes} min, seed {seed}"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        Steps.Say($"faults: seed {seed}");
        await using var cluster = await ClusterHarness.StartAsync(silos: 3, frontEnds: 2);
        var mix = new FaultMix(cluster, new Random(seed), Steps.Say);
        var duplicates = 0;
        var (account, load) = await FaultRun.UnderLoadAsync(cluster, async () => duplicates = await mix.RunAsync(TimeSpan.FromMinutes(minutes)), Steps.Say);

        _report.Zero("acknowledged and lost", account.Lost.Count);
        _report.Zero("order violations", account.OrderViolations);
        _report.AtMost("most arrivals in any second", account.MaxInWindow, ClusterHarness.Limit);
        _report.Zero("429s", account.Throttled);
        _report.Zero("duplicates with another id or timestamp", account.HarmfulDuplicates);
        _report.AtMost("duplicates", account.Duplicates, duplicates);
        _report.Tell("acknowledged", $"{account.Acknowledged}");
        _report.Tell("not acknowledged", $"{load.Refusals.Count}");
        _report.Tell("longest silence at the receiver while work waited", Seconds(account.LongestSilence));
        _report.Tell("longest failure of a caller", Seconds(load.LongestFailure));
        return _report;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.## s", CultureInfo.InvariantCulture);
}
