using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// What a process that has just started accepts in its first seconds, beside what it accepts later: its code is not optimized yet, and no customer has a grain. Set <c>CIO_PUBLISHED</c> to the folder
/// that deploy/publish.sh wrote to measure what users run, which is compiled ahead.
/// </summary>
internal sealed class ColdScenario(int starts, double first, double between, int connections, int customers, int bodyBytes) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"cold, {bodyBytes} bytes, {customers:#,0} customers, {connections} connections"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxHere.StartAsync(new SandboxSetup(Enforced: null), stop);
        var runs = new List<Run>();
        for (var start = 0; start < starts; start++)
        {
            var run = StartAsync(sandbox.Url, stop);
            await Steps.WaitForAsync($"Start {start + 1} of {starts}", run);
            runs.Add(await run);
        }

        _report.AtLeast("accepts of the first seconds / warm (median)", runs.Median(run => run.First / run.Warm), 0.8, baseline: 1);
        _report.Tell("accepts of the first seconds / warm (each)", string.Join(' ', runs.Select(run => Text(run.First / run.Warm))));
        _report.Tell("accepts a second, first / warm (median)", Count(runs.Median(run => run.First)), Count(runs.Median(run => run.Warm)));
        _report.Tell("processor time an accept, first / warm (median)", Microseconds(runs.Median(run => run.FirstCpu)), Microseconds(runs.Median(run => run.WarmCpu)));
        _report.AtMost("ready after (median)", runs.Median(run => run.Ready), 1.5, "s");
        _report.Tell("processor time until ready (median)", string.Create(CultureInfo.InvariantCulture, $"{runs.Median(run => run.ReadyCpu):0.00} s"));
        _report.Zero("not accepted", runs.Sum(run => run.Failures));
        return _report;
    }

    private async Task<Run> StartAsync(Uri customerIo, CancellationToken stop)
    {
        using var data = new DataFolder();
        await using var dispatcher = DispatcherProcess.Launch(data, customerIo, "100/1s");
        var ready = (await dispatcher.WaitUntilReadyAsync(stop)).TotalSeconds;
        var cpu = new List<TimeSpan> { dispatcher.ProcessorTime };
        await dispatcher.PauseAsync(stop);
        Slice[] slices = [Slice.For(Slice.Durable, first), Slice.For(Slice.Durable, between), Slice.For(Slice.Durable, first)];
        var results = await LoadProcess.RunAsync(dispatcher.Url, connections, customers, bodyBytes, slices, _ => cpu.Add(dispatcher.ProcessorTime), stop);
        return new Run(
            ready, cpu[0].TotalSeconds, results[0].PerSecond, results[2].PerSecond,
            (cpu[1] - cpu[0]).TotalMicroseconds / results[0].Requests, (cpu[3] - cpu[2]).TotalMicroseconds / results[2].Requests,
            results.Sum(result => result.Failures));
    }

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Microseconds(double value) => value.ToString("0.0 µs", CultureInfo.InvariantCulture);

    /// <summary>One start. Times in seconds, processor time of an accept in µs.</summary>
    private sealed record Run(double Ready, double ReadyCpu, double First, double Warm, double FirstCpu, double WarmCpu, long Failures);
}
