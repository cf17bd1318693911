using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;

namespace CioOrleans.Bench.Scenarios;

/// <summary>One customer has very many waiting calls; others send one each meanwhile.</summary>
internal sealed class FairnessScenario(int waiting, int others) : IScenario
{
    private const int Permits = 100;

    /// <summary>The generator names its only customer 0.</summary>
    private const int FirstOther = 1;

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"fairness, one customer with {waiting:#,0} waiting calls"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        using var data = new DataFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxSetup(Permits).ToOptions(), cancellationToken: stop);
        await using var dispatcher = await DispatcherProcess.StartAsync(data, sandbox.Url, $"{Permits}/1s", stop);
        await dispatcher.PauseAsync(stop);
        await Steps.WaitForAsync("Filling one customer's queue", LoadProcess.FillAsync(dispatcher.Url, customers: 1, waiting, connections: 64, stop));
        await dispatcher.ResumeAsync(stop);
        await sandbox.WaitForProcessedAsync(1, stop);

        var waits = new double[others];
        var done = 0;
        await Steps.FollowAsync("Calls of other customers", others, () => done, CallAsync());
        var left = (await dispatcher.StatusAsync(stop)).Queued;

        // A queue without fairness sends in the order of arrival, within the limit.
        var behindAll = (double)waiting / Permits;
        _report.AtMost("another's call arrives after (worst)", waits.Max(), 2, "s", behindAll);
        _report.Tell("another's call arrives after (median)", string.Create(CultureInfo.InvariantCulture, $"{waits.Order().ElementAt(others / 2):0.###} s"));
        _report.Tell("still waiting of the one customer then", left.ToString("#,0", CultureInfo.InvariantCulture));
        return _report;

        async Task CallAsync()
        {
            for (; done < others; done++)
            {
                var sentAt = Stopwatch.GetTimestamp();
                using var request = CallText.Request(FirstOther + done, seq: 1);
                using var answer = await dispatcher.Http.SendAsync(request, stop);
                answer.EnsureSuccessStatusCode();
                while (sandbox.Customer(CallText.Customer(FirstOther + done)) is null && Stopwatch.GetElapsedTime(sentAt) < _patience)
                {
                    await Task.Delay(_poll, stop);
                }

                waits[done] = Stopwatch.GetElapsedTime(sentAt).TotalSeconds;
                await Task.Delay(TimeSpan.FromMilliseconds(250), stop);
            }
        }
    }
}
