using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;

namespace CioOrleans.Bench.Scenarios;

/// <summary>How soon the process is ready again after <c>kill -9</c> while many calls wait.</summary>
internal sealed class RestartScenario(int waiting, int customers, int repeats) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"restart with {waiting:#,0} waiting calls of {customers:#,0} customers"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxHere.StartAsync(new SandboxSetup(Enforced: null), stop);
        var (emptyReady, emptyAccepted) = await MeasureAsync(sandbox, calls: 0, stop);
        var (ready, accepted) = await MeasureAsync(sandbox, waiting, stop);
        _report.AtMost("ready after (worst)", ready.Max(), 2.5, "s", emptyReady.Max());
        _report.AtMost("first call accepted after (worst)", accepted.Max(), 3, "s", emptyAccepted.Max());
        _report.Tell("ready after (each)", Text(ready), Text(emptyReady));
        return _report;
    }

    private async Task<(double[] Ready, double[] Accepted)> MeasureAsync(SandboxHere sandbox, int calls, CancellationToken stop)
    {
        using var data = new DataFolder();
        await using (var first = await DispatcherProcess.StartAsync(data, sandbox.Url, "100/1s", stop))
        {
            if (calls > 0)
            {
                await first.PauseAsync(stop);
                var fill = LoadProcess.FillAsync(first.Url, customers, calls, connections: 256, stop);
                await Steps.WaitForAsync("Filling", fill);
                await first.ResumeAsync(stop);
            }

            await first.KillAsync();
        }

        var (ready, accepted) = (new double[repeats], new double[repeats]);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            await using var dispatcher = DispatcherProcess.Launch(data, sandbox.Url, "100/1s");
            ready[repeat] = (await dispatcher.WaitUntilReadyAsync(stop)).TotalSeconds;
            using var request = CallText.Request(customers + repeat, seq: 1);
            using var answer = await dispatcher.Http.SendAsync(request, stop);
            answer.EnsureSuccessStatusCode();
            accepted[repeat] = Stopwatch.GetElapsedTime(dispatcher.StartedAt).TotalSeconds;
            await dispatcher.KillAsync();
        }

        return (ready, accepted);
    }

    private static string Text(double[] seconds) => string.Join(' ', seconds.Select(s => s.ToString("0.00", CultureInfo.InvariantCulture)));
}
