using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// <c>kill -9</c> of the real process at random moments under load, again and again on the same file; what then arrived is compared with
/// what was acknowledged. One kill in ten hits while it starts. Baseline: what a queue in memory would have lost, of what each life had accepted.
/// </summary>
internal sealed class CrashScenario(int kills, int seed, int permits) : IScenario
{
    private const int Customers = 120;
    private const int MaxConcurrency = 64;
    private const int MostRecorded = 10_000_000;

    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longestLife = TimeSpan.FromSeconds(5);

    private readonly Report _report = new($"crash, {kills} kills at {permits}/1s, seed {seed}");
    private readonly Random _random = new(seed);
    private readonly Callers _callers = new(Customers);
    private long _duplicates;
    private long _processed;
    private int _kills;
    private double _mostDuplicates;
    private long _inMemoryLosses;

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        Steps.Say($"crash: seed {seed}");
        using var data = new DataFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxSetup(permits, Recorded: MostRecorded).ToOptions(), cancellationToken: stop);
        var done = 0;
        await Steps.FollowAsync("Killing it", kills, () => done, KillAllAsync());

        await using (var survivor = await DispatcherProcess.StartAsync(data, sandbox.Url, $"{permits}/1s", stop))
        {
            await survivor.WaitUntilEmptyAsync("Delivering what is left", stop);
        }

        CountDuplicates(sandbox, isLast: true);
        Judge(sandbox);
        return _report;

        async Task KillAllAsync()
        {
            for (; done < kills; done++)
            {
                await LiveOnceAsync(data, sandbox, stop);
                CountDuplicates(sandbox);
            }
        }
    }

    private async Task LiveOnceAsync(DataFolder data, SandboxServer sandbox, CancellationToken stop)
    {
        var life = _longestLife * _random.NextDouble();
        await using var dispatcher = DispatcherProcess.Launch(data, sandbox.Url, $"{permits}/1s");
        if (_random.Next(10) == 0)
        {
            await Task.Delay(life / 3, stop);
            await dispatcher.KillAsync();
            return;
        }

        await dispatcher.WaitUntilReadyAsync(stop);
        var before = _callers.Acknowledged;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var load = _callers.SendSteadilyAsync(dispatcher.Http, _interval, ended.Token);
        await Task.Delay(life, stop);
        await dispatcher.KillAsync();
        await ended.CancelAsync();
        await load;
        _inMemoryLosses += Math.Min(_callers.Acknowledged - before, _callers.Acknowledged - sandbox.Report().Order.DistinctSeqs);
    }

    /// <summary>
    /// What a kill repeats shows in the lives after it, and all of it once every customer had its turn several times. So kills in quick
    /// succession are told together, and share what they repeated.
    /// </summary>
    private void CountDuplicates(SandboxServer sandbox, bool isLast = false)
    {
        var order = sandbox.Report().Order;
        if (isLast || order.Processed - _processed >= Customers * 3)
        {
            _mostDuplicates = Math.Max(_mostDuplicates, (double)(order.Duplicates - _duplicates) / Math.Max(1, _kills));
            (_duplicates, _kills) = (order.Duplicates, 0);
        }

        _kills++;
        _processed = order.Processed;
    }

    private void Judge(SandboxServer sandbox)
    {
        var report = sandbox.Report();
        var order = report.Order;
        _report.Zero("acknowledged and lost", _callers.Missing(Arrived.Read(sandbox)), _inMemoryLosses);
        _report.Zero("order violations", order.OrderViolations);
        _report.AtMost("most arrivals in any second", report.MaxInWindow, permits);
        _report.Zero("429s", report.Status(429));
        _report.AtMost("most duplicates a kill", _mostDuplicates, MaxConcurrency);
        _report.Zero("duplicate events with another id", order.DuplicatesWithAnotherId);
        _report.Zero("duplicates with another timestamp", order.DuplicatesWithAnotherTimestamp);
        _report.Zero("duplicates of anything but a customer's last call", order.StaleDuplicates);
        _report.Tell("duplicates in all", Text(order.Duplicates));
        _report.Tell("acknowledged", Text(_callers.Acknowledged));
        _report.Tell("cut off before the acknowledgement", Text(_callers.Unacknowledged));
        _report.Tell("arrived", Text(report.Arrivals));
    }

    private static string Text(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
