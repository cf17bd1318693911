using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// Durable accepts beside an endpoint of the same server that only reads the body, in turns on the same connections. Delivery is
/// paused; the generator runs on the same cores.
/// </summary>
internal sealed class AcceptsScenario(
    int rounds, double seconds, double warmUp, int connections, int customers, int bodyBytes, Deployment deployment = Deployment.Sqlite) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"accepts, {deployment}, {bodyBytes} bytes, {customers:#,0} customers, {connections} connections"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxHere.StartAsync(new SandboxSetup(Enforced: null), stop);
        await using var site = await DispatcherSite.StartAsync(deployment, sandbox.Url, "100/1s");
        await using var dispatcher = await DispatcherProcess.StartAsync(site, DispatcherHost.WithNothingEndpoint, stop);
        await dispatcher.PauseAsync(stop);

        Slice[] warm = [Slice.For(Slice.Nothing, warmUp), Slice.For(Slice.Durable, warmUp)];
        var measured = Enumerable.Range(0, rounds).SelectMany(_ => new[] { Slice.For(Slice.Nothing, seconds), Slice.For(Slice.Durable, seconds) });
        var results = new List<SliceResult>();
        var load = LoadProcess.RunAsync(dispatcher.Url, connections, customers, bodyBytes, [.. warm, .. measured], results.Add, stop);
        await Steps.FollowAsync("Accepting and doing nothing, in turns", (2 * rounds) + warm.Length, () => results.Count, load);

        Judge([.. (await load).Skip(warm.Length)]);
        await CountCostsAsync(site, dispatcher, stop);
        return _report;
    }

    /// <summary>One more slice, for what an accept costs each process.</summary>
    private async Task CountCostsAsync(DispatcherSite site, DispatcherProcess dispatcher, CancellationToken stop)
    {
        var before = (Cpu: dispatcher.ProcessorTime, Written: dispatcher.BytesWritten, Site: await site.CostsAsync(stop));
        var result = (await LoadProcess.RunAsync(dispatcher.Url, connections, customers, bodyBytes, [Slice.For(Slice.Durable, 2 * seconds)], null, stop)).Single();
        var after = (Cpu: dispatcher.ProcessorTime, Written: dispatcher.BytesWritten, Site: await site.CostsAsync(stop));
        _report.Tell("processor time an accept: the process that answers", Microseconds(after.Cpu - before.Cpu));
        if (deployment == Deployment.FrontEnd)
        {
            _report.Tell("processor time an accept: the silo", Microseconds(after.Site.Silo - before.Site.Silo));
        }

        if (deployment == Deployment.Sqlite)
        {
            _report.Tell("written to the disk an accept", Bytes(after.Written - before.Written));
        }
        else
        {
            _report.Tell("processor time an accept: PostgreSQL", Microseconds(after.Site.Database - before.Site.Database));
            _report.Tell("log of PostgreSQL an accept", Bytes(after.Site.LogBytes - before.Site.LogBytes));
        }

        string Microseconds(TimeSpan time) => (time.TotalMicroseconds / result.Requests).ToString("0.0 µs", CultureInfo.InvariantCulture);

        string Bytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{(double)count / result.Requests:0} bytes");
    }

    private void Judge(IReadOnlyList<SliceResult> results)
    {
        var durable = results.Where(result => result.Endpoint == Slice.Durable).ToArray();
        var nothing = results.Where(result => result.Endpoint == Slice.Nothing).ToArray();
        var (accepts, baseline) = (durable.Median(r => r.PerSecond), nothing.Median(r => r.PerSecond));

        // Round by round: its two slices follow each other, and what neighbours take of the machine from one minute to the next takes part in both.
        var share = durable.Zip(nothing, (d, n) => d.PerSecond / n.PerSecond).Median();
        const string ratio = "durable accepts / doing nothing";
        if (deployment == Deployment.FrontEnd)
        {
            _report.Tell(ratio, share.ToString("0.##", CultureInfo.InvariantCulture), "1");
        }
        else
        {
            _report.AtLeast(ratio, share, deployment == Deployment.Sqlite ? 0.5 : 0.35, baseline: 1);
        }

        if (deployment == Deployment.Sqlite)
        {
            _report.AtMost("p99", durable.Median(r => r.P99), 40, "ms", nothing.Median(r => r.P99));
        }
        else
        {
            _report.Tell("p99", Milliseconds(durable.Median(r => r.P99)), Milliseconds(nothing.Median(r => r.P99)));
        }

        _report.Zero("not accepted", durable.Sum(r => r.Failures), nothing.Sum(r => r.Failures));
        _report.Tell("a second (median of the rounds)", Text(accepts), Text(baseline));
        _report.Tell("a second (each round)", string.Join(' ', durable.Select(r => Text(r.PerSecond))), string.Join(' ', nothing.Select(r => Text(r.PerSecond))));
        _report.Tell("p50", Milliseconds(durable.Median(r => r.P50)), Milliseconds(nothing.Median(r => r.P50)));
        _report.Tell("worst p99 of a round", Milliseconds(durable.Max(r => r.P99)), Milliseconds(nothing.Max(r => r.P99)));
        _report.Tell("max", Milliseconds(durable.Max(r => r.Max)), Milliseconds(nothing.Max(r => r.Max)));
    }

    private static string Text(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => value.ToString("0.## ms", CultureInfo.InvariantCulture);
}
