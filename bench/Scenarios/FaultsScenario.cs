using System.Globalization;
using CioOrleans.Bench.Reporting;
using CioOrleans.Testing.Cluster;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// Three silos, two front-ends, PostgreSQL; under every kind of call one fault after the other, drawn at random: kills, hangs, orderly stops, restarts in turn, drains, partitions,
/// losses towards Customer.io, the database gone, frozen or held, Customer.io failing. What a fault ended is started again before the next.
/// </summary>
internal sealed class FaultsScenario(int minutes, int seed) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"faults for {minutes} min, seed {seed}"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        Steps.Say($"faults: seed {seed}");
        await using var cluster = await ClusterHarness.StartAsync(silos: 3, frontEnds: 2);
        var mix = new FaultMix(cluster, new Random(seed), Steps.Say);
        try
        {
            var repeats = 0;
            var (account, load) = await FaultRun.UnderLoadAsync(cluster, async () => repeats = await mix.RunAsync(TimeSpan.FromMinutes(minutes)), Steps.Say);
            Judge(account, load, repeats);
        }
        catch (TimeoutException exception)
        {
            Steps.Say(exception.Message);
            _report.Never("waits without an end", 1);
        }

        if (_report.IsBroken)
        {
            Steps.Say($"The processes' output is in {await cluster.WriteLogsAsync(Directory.CreateTempSubdirectory("cio-faults-"))}.");
        }

        return _report;
    }

    private void Judge(Account account, Testing.Cluster.Load load, int repeats)
    {
        _report.Never("acknowledged and lost", account.Lost.Count);
        _report.Never("order violations of acknowledged calls", account.OrderViolations.Count);
        _report.Never("calls that were not acknowledged, behind later ones", account.Stragglers.Count);
        _report.Never("arrivals over a limit", account.Throttled);
        _report.AtMost("most arrivals of Track v1 in any second", account.MostInASecond.GetValueOrDefault("identify,track,page"), ClusterHarness.Limit);
        _report.AtMost("most arrivals of Track v2 in any second", account.MostInASecond.GetValueOrDefault("batch"), ClusterHarness.Limit);
        _report.Never("messages sent twice", account.SentTwice.Count);
        _report.Never("messages sent whose callers were told that nothing was sent", account.SentAndRefused.Count);
        _report.Never("stored messages without an end, or with a wrong one", account.WrongSends.Count);
        _report.Never("keyed messages whose callers know nothing", account.KnowNothing.Count);
        _report.Never("repeats that differ or come behind later calls", account.HarmfulRepeats.Count);
        _report.Never("repeats of what was not in flight", account.StrayRepeats.Count + Math.Max(0, account.Repeats - repeats));
        _report.Tell("acknowledged", $"{account.Acknowledged.Values.Sum()}");
        _report.Tell("requests repeated", $"{account.Repeats}");
        _report.Tell("dead letters replayed; others", $"{account.Replayed}; {account.DeadLetters}");
        _report.Tell("outcomes of messages that are not known", $"{account.Unknown}");
        _report.Tell("requests not acknowledged", $"{load.Refusals.Count}");
        _report.Tell("longest silence at the receiver while work waited", Seconds(account.LongestSilence));
        _report.Tell("longest failure of a caller", Seconds(load.LongestFailure));
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.## s", CultureInfo.InvariantCulture);
}
