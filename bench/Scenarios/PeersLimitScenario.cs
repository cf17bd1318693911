using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Comparison;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// A burst within a limit while some requests fail, and a <c>kill -9</c> in the middle: arrivals in any second, order, and what is lost. The dispatcher, and the libraries that services
/// use today. The sandbox enforces no limit, so that what a library lets through is seen.
/// </summary>
internal sealed class PeersLimitScenario(int permits, int customers, int callsEach, double serverErrors) : IScenario
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(200);

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"limits beside peers, {customers * callsEach:#,0} calls at {permits}/s, {serverErrors:0 %} of the requests fail, one kill -9"));

    private int Calls => customers * callsEach;

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await MeasureOursAsync(stop);
        if (PeerPrograms.MissingForNode is { } noNode)
        {
            _report.Tell("libraries of Node: skipped", noNode);
            return _report;
        }

        await PeerPrograms.InstallAsync();
        await MeasureAsync("p-queue", redis: null, stop);
        await MeasureAsync("bottleneck", redis: null, stop);
        if (PeerPrograms.MissingForRedis is { } noRedis)
        {
            _report.Tell("bullmq: skipped", noRedis);
            return _report;
        }

        await using var server = await RedisServer.StartAsync();
        await MeasureAsync("bullmq", server.Url, stop);
        return _report;
    }

    private async Task MeasureOursAsync(CancellationToken stop)
    {
        Steps.Say("ours");
        using var data = new DataFolder();
        await using var sandbox = await StartSandboxAsync(stop);
        var callers = new Callers(customers);
        await using (var first = await DispatcherProcess.StartAsync(data, sandbox.Url, $"{permits}/1s", stop))
        {
            await callers.SendAllAsync(first.Http, callsEach, stop);
            await WaitForHalfAsync(sandbox, stop);
            await first.KillAsync();
        }

        await using var second = await DispatcherProcess.StartAsync(data, sandbox.Url, $"{permits}/1s", stop);
        await second.WaitUntilEmptyAsync("ours: the rest", stop);
        Tell("ours", await sandbox.ReportAsync(stop), callers.Acknowledged, isOurs: true);
    }

    private async Task MeasureAsync(string library, string? redis, CancellationToken stop)
    {
        Steps.Say(library);
        await using var sandbox = await StartSandboxAsync(stop);
        string[] arguments = ["limit.js", library, sandbox.Url.ToString(), $"{permits}", $"{customers}", $"{callsEach}"];
        await using (var burst = await PeerPrograms.StartAsync("node", [.. arguments, "burst", redis ?? ""], "taken", stop))
        {
            await WaitForHalfAsync(sandbox, stop);
            await burst.KillAsync();
        }

        await using var rest = ChildProcess.Start("node", [.. arguments, "rest", redis ?? ""], folder: Path.Combine(BuildPaths.Repository, "bench", "peers"));
        await rest.WaitForSuccessAsync(stop);
        Tell(library, await sandbox.ReportAsync(stop), Calls, isOurs: false);
    }

    private Task<SandboxProcess> StartSandboxAsync(CancellationToken stop) => SandboxProcess.StartAsync(new SandboxSetup(Enforced: null, ServerErrors: serverErrors), stop);

    private async Task WaitForHalfAsync(SandboxProcess sandbox, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var bound = TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(2.0 * Calls / permits);
        while ((await sandbox.ReportAsync(stop)).Order.DistinctSeqs < Calls / 2)
        {
            if (Stopwatch.GetElapsedTime(began) > bound)
            {
                throw new TimeoutException($"Half of the calls have not arrived within {bound.TotalSeconds:0} s.");
            }

            await Task.Delay(_poll, stop);
        }
    }

    private void Tell(string name, SandboxReport report, int taken, bool isOurs)
    {
        var lost = Math.Max(0, taken - report.Order.DistinctSeqs);
        if (isOurs)
        {
            _report.AtMost($"{name}: most arrivals in any second", report.MaxInWindow, permits);
            _report.Zero($"{name}: order violations", report.Order.OrderViolations);
            _report.Zero($"{name}: lost", lost);
        }
        else
        {
            _report.Tell($"{name}: most arrivals in any second", $"{report.MaxInWindow}");
            _report.Tell($"{name}: order violations", $"{report.Order.OrderViolations}");
            _report.Tell($"{name}: lost", $"{lost}");
        }

        _report.Tell($"{name}: sent again after it had arrived", $"{report.Order.Duplicates}");
        _report.Tell($"{name}: arrivals a second", string.Create(CultureInfo.InvariantCulture, $"{report.SteadyRate:0.#}"));
    }
}
