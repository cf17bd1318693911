using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// Durable accepts of this build beside those of another one, round by round, so that what neighbours take of the machine concerns both. The processor's time for each accept is less
/// sensitive to neighbours than the rate. The other build is named by its CioOrleans.Bench.dll, and its process may have variables of its own.
/// </summary>
internal sealed class AcceptsBesideScenario(string other, IReadOnlyDictionary<string, string> variables, int rounds, double seconds, double warmUp, int connections, int customers, int bodyBytes) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"accepts beside another build, {bodyBytes} bytes, {customers:#,0} customers, {connections} connections"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxHere.StartAsync(new SandboxSetup(Enforced: null), stop);
        await using var ourSite = await DispatcherSite.StartAsync(Deployment.Sqlite, sandbox.Url, "100/1s");
        await using var theirSite = await DispatcherSite.StartAsync(Deployment.Sqlite, sandbox.Url, "100/1s");
        await using var ours = await DispatcherProcess.StartAsync(ourSite, DispatcherHost.WithNothingEndpoint, stop);
        await using var theirs = await DispatcherProcess.StartOtherAsync(other, theirSite, variables, stop);
        await ours.PauseAsync(stop);
        await theirs.PauseAsync(stop);

        await MeasureAsync(theirs, warmUp, stop);
        await MeasureAsync(ours, warmUp, stop);
        var (our, their) = (new List<Round>(), new List<Round>());
        for (var i = 0; i < rounds; i++)
        {
            // Who comes first alternates.
            foreach (var (process, results) in i % 2 == 0 ? [(theirs, their), (ours, our)] : new[] { (ours, our), (theirs, their) })
            {
                results.Add(await MeasureAsync(process, seconds, stop));
            }
        }

        _report.AtLeast("accepts a second / those of the other build", our.Zip(their, (o, t) => o.PerSecond / t.PerSecond).Median(), 0.98, baseline: 1);
        _report.AtLeast("durable accepts / doing nothing", our.Median(r => r.PerSecond / r.Nothing), 0.5, baseline: their.Median(r => r.PerSecond / r.Nothing));
        _report.Tell("processor time an accept (median)", Microseconds(our.Median(r => r.Cpu)), Microseconds(their.Median(r => r.Cpu)));
        _report.Tell("processor time an accept (each round)", string.Join(' ', our.Select(r => Microseconds(r.Cpu))), string.Join(' ', their.Select(r => Microseconds(r.Cpu))));
        _report.Tell("processor time of doing nothing", Microseconds(our.Median(r => r.NothingCpu)), Microseconds(their.Median(r => r.NothingCpu)));
        _report.Tell("a second (each round)", string.Join(' ', our.Select(r => Text(r.PerSecond))), string.Join(' ', their.Select(r => Text(r.PerSecond))));
        _report.Zero("not accepted", our.Sum(r => r.Failures), their.Sum(r => r.Failures));
        return _report;
    }

    private async Task<Round> MeasureAsync(DispatcherProcess process, double length, CancellationToken stop)
    {
        // The first slice makes the connections.
        Slice[] slices = [Slice.For(Slice.Nothing, 0.5), Slice.For(Slice.Nothing, length), Slice.For(Slice.Durable, length)];
        var at = new List<TimeSpan>();
        var results = await LoadProcess.RunAsync(process.Url, connections, customers, bodyBytes, slices, _ => at.Add(process.ProcessorTime), stop);
        return new Round(
            results[2].PerSecond, results[1].PerSecond,
            (at[2] - at[1]).TotalMicroseconds / results[2].Requests, (at[1] - at[0]).TotalMicroseconds / results[1].Requests,
            results.Sum(r => r.Failures));
    }

    private static string Microseconds(double value) => value.ToString("0.0 µs", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private sealed record Round(double PerSecond, double Nothing, double Cpu, double NothingCpu, long Failures);
}
