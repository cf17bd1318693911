using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;

namespace CioOrleans.Bench.Scenarios;

/// <summary>Very many calls wait: filled through HTTP while delivery is paused, then the process is killed and started again.</summary>
internal sealed class BacklogScenario(int calls, int customers, double settle, double deliverFor) : IScenario
{
    private const string Limit = "100/1s";

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"backlog of {calls:#,0} calls of {customers:#,0} customers"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxSetup(100).ToOptions(), cancellationToken: stop);
        var (emptyFirst, emptyMemory) = await StartEmptyAsync(sandbox, stop);

        using var data = new DataFolder();
        ProcessMemory filled, settled;
        await using (var dispatcher = await DispatcherProcess.StartAsync(data, sandbox.Url, Limit, stop))
        {
            await dispatcher.PauseAsync(stop);
            var fill = LoadProcess.FillAsync(dispatcher.Url, customers, calls, connections: 256, stop);
            await Steps.WaitForAsync("Filling through HTTP", fill, () => $"{dispatcher.Memory.Resident:0} MB");
            filled = dispatcher.Memory;
            await Steps.WaitAsync("Letting idle grains go", TimeSpan.FromSeconds(settle), stop);
            settled = dispatcher.Memory;
            var rate = (await fill).PerSecond;
            _report.Tell("filled at", string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}/s"));
            await dispatcher.ResumeAsync(stop);
            await dispatcher.KillAsync();
        }

        sandbox.Reset();
        await using var restarted = DispatcherProcess.Launch(data, sandbox.Url, Limit);
        var ready = await restarted.WaitUntilReadyAsync(stop);
        await sandbox.WaitForProcessedAsync(1, stop);
        var first = Stopwatch.GetElapsedTime(restarted.StartedAt);
        await Steps.WaitForAsync("Sweeping", SweepAsync(restarted, stop), () => $"{restarted.Memory.Resident:0} MB");
        var swept = Stopwatch.GetElapsedTime(restarted.StartedAt);
        var sweptMemory = restarted.Memory;
        await Steps.WaitAsync("Delivering", TimeSpan.FromSeconds(deliverFor), stop);
        var delivering = restarted.Memory;

        _report.AtMost("memory when just filled, all customers' grains still there", filled.Resident, 500, "MB", emptyMemory.Resident);
        _report.AtMost("peak memory while filling", filled.Peak, 500, "MB", emptyMemory.Peak);
        _report.AtMost(string.Create(CultureInfo.InvariantCulture, $"memory {settle:0} s after it was filled"), settled.Resident, 500, "MB", emptyMemory.Resident);
        _report.AtMost("memory after the restart's sweep", sweptMemory.Resident, 500, "MB", emptyMemory.Resident);
        _report.AtMost("peak memory, restart and delivery", delivering.Peak, 500, "MB", emptyMemory.Peak);
        _report.AtMost("first delivery after a restart", first.TotalSeconds, 5, "s", emptyFirst);
        _report.Tell("ready after a restart", Seconds(ready));
        _report.Tell("all customers found after", Seconds(swept));
        _report.Tell("arrivals in steady state", string.Create(CultureInfo.InvariantCulture, $"{sandbox.Report().SteadyRate:0.##}/s"));
        return _report;
    }

    /// <summary>The same start with one waiting call.</summary>
    private static async Task<(double FirstDelivery, ProcessMemory Memory)> StartEmptyAsync(SandboxServer sandbox, CancellationToken stop)
    {
        using var data = new DataFolder();
        await using (var dispatcher = await DispatcherProcess.StartAsync(data, sandbox.Url, Limit, stop))
        {
            using var request = CallText.Request(customer: 0, seq: 1);
            using var answer = await dispatcher.Http.SendAsync(request, stop);
            answer.EnsureSuccessStatusCode();
            await dispatcher.KillAsync();
        }

        sandbox.Reset();
        await using var restarted = DispatcherProcess.Launch(data, sandbox.Url, Limit);
        await sandbox.WaitForProcessedAsync(1, stop);
        return (Stopwatch.GetElapsedTime(restarted.StartedAt).TotalSeconds, restarted.Memory);
    }

    /// <summary>Until the workspace knows every customer that has work.</summary>
    private async Task SweepAsync(DispatcherProcess dispatcher, CancellationToken stop)
    {
        while (await dispatcher.StatusAsync(stop) is var status && status.Ready + status.InFlight + status.WaitingForRetry < customers)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
        }
    }

    private static string Seconds(TimeSpan value) => value.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture);
}
