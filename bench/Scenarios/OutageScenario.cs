using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Bench.Scenarios;

/// <summary>Customer.io is down for a while, in every way it can be, while calls keep coming.</summary>
internal sealed class OutageScenario(double seconds, IReadOnlyList<Outage> kinds) : IScenario
{
    /// <summary>Every way in which Customer.io can be down.</summary>
    public static readonly Outage[] AllKinds = [Outage.ServerError, Outage.Reset, Outage.Close, Outage.TimeOut];

    private const int Customers = 60;
    private const string Limit = "100/1s";

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _around = TimeSpan.FromSeconds(5);

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"outage of {seconds:0.#} s"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        foreach (var outage in kinds)
        {
            await RunAsync(outage, stop);
        }

        return _report;
    }

    private async Task RunAsync(Outage outage, CancellationToken stop)
    {
        using var data = new DataFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxSetup(100, Recorded: 1_000_000).ToOptions(), cancellationToken: stop);
        await using var dispatcher = await DispatcherProcess.StartAsync(data, sandbox.Url, Limit, stop);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var callers = new Callers(Customers);
        var load = callers.SendSteadilyAsync(dispatcher.Http, _interval, ended.Token);
        await sandbox.WaitForProcessedAsync(Customers, stop);

        sandbox.Faults = new SandboxFaults { Outage = outage };
        var before = sandbox.Report().Order.Processed;
        await Steps.WaitAsync($"{outage}: down", TimeSpan.FromSeconds(seconds), stop);
        var during = sandbox.Report().Order.Processed - before;
        var attempts = sandbox.Report().Arrivals - before;
        sandbox.Faults = SandboxFaults.None;
        var over = Stopwatch.GetTimestamp();
        await sandbox.WaitForProcessedAsync(before + during + 1, stop);
        var resumed = Stopwatch.GetElapsedTime(over);
        await Steps.WaitAsync($"{outage}: up again", _around, stop);
        var caughtUp = sandbox.Report().Order.Processed - before - during;
        await ended.CancelAsync();
        await load;
        await dispatcher.WaitUntilEmptyAsync($"{outage}: the rest", stop);

        var order = sandbox.Report().Order;
        _report.Zero($"{outage}: dead letters", (await dispatcher.StatusAsync(stop)).DeadLetters);
        _report.AtMost($"{outage}: first delivery after its end", resumed.TotalSeconds, 5, "s");
        _report.Zero($"{outage}: lost", callers.Missing(Arrived.Read(sandbox)));
        _report.Zero($"{outage}: order violations", order.OrderViolations);
        _report.Zero($"{outage}: duplicates", order.Duplicates);
        _report.Tell($"{outage}: attempts while down", Text(attempts));
        _report.Tell($"{outage}: delivered in the {_around.TotalSeconds:0} s after the first", Text(caughtUp));
    }

    private static string Text(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
