using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Naive;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Bench.Scenarios;

/// <summary>A burst arrives at once and leaves within the limit, next to a client that has a token bucket and nothing else.</summary>
internal sealed class BurstScenario(BurstSize size, bool sandboxHere) : IScenario
{
    /// <summary>The dispatcher's default.</summary>
    private const int MaxConcurrency = 64;

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly Report _report = new($"burst, {size.Calls.ToString("#,0", CultureInfo.InvariantCulture)} calls of {size.Customers.ToString("#,0", CultureInfo.InvariantCulture)} customers at {size.Limit}");

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        var naive = await RunNaiveAsync(stop);
        await RunAsync("AfterResponse", "AfterResponse", size.Permits, serverErrors: 0, least: 0.97, naive, stop);
        await RunAsync("AfterSend", "AfterSend", (int)Math.Ceiling(size.Permits * 1.02), serverErrors: 0, least: 0.99, naive, stop);
        await RunAsync("AfterResponse, 5 % 500s", "AfterResponse", size.Permits, serverErrors: 0.05, least: 0.95, naive: null, stop);
        return _report;
    }

    private async Task RunAsync(string title, string tokenReturn, int admitted, double serverErrors, double least, SandboxReport? naive, CancellationToken stop)
    {
        using var data = new DataFolder();
        await using var sandbox = await StartSandboxAsync(new SandboxSetup(admitted, ServerErrors: serverErrors), stop);
        await using var dispatcher = await DispatcherProcess.StartAsync(data, sandbox.Url, size.Limit, stop, settings: ("TokenReturn", tokenReturn));
        var callers = new Callers(size.Customers);
        var began = Stopwatch.GetTimestamp();
        var sending = callers.SendAllAsync(dispatcher.Http, size.CallsEach, stop);
        var accepted = sending.ContinueWith(_ => Stopwatch.GetElapsedTime(began), stop, TaskContinuationOptions.None, TaskScheduler.Default);
        await FollowAsync(title, sandbox, sending, stop);
        await sending;
        await dispatcher.WaitUntilEmptyAsync($"{title}: the rest", stop);
        await Task.Delay(_window, stop);

        var report = await sandbox.ReportAsync(stop);
        var order = report.Order;
        _report.AtMost($"{title}: most arrivals in any second", report.MaxInWindow, admitted, baseline: naive?.MaxInWindow);
        _report.Zero($"{title}: 429s", report.Status(429), naive?.Status(429));
        _report.Zero($"{title}: order violations", order.OrderViolations, naive?.Order.OrderViolations);
        var deadLetters = (await dispatcher.StatusAsync(stop)).DeadLetters;
        _report.Zero($"{title}: lost", Math.Max(0, callers.Acknowledged - deadLetters - order.DistinctSeqs), size.Calls - naive?.Order.DistinctSeqs);
        _report.Zero($"{title}: dead letters", deadLetters);
        _report.Zero($"{title}: not acknowledged", size.Calls - callers.Acknowledged);
        if (callers.FirstFailure is { } failure)
        {
            Steps.Say($"{title}: the first call that was not acknowledged: {failure}\nThe dispatcher's last lines:\n{dispatcher.LastLines}");
        }

        _report.Zero($"{title}: duplicates", order.Duplicates, naive?.Order.Duplicates);
        var burst = await accepted;
        _report.AtLeast($"{title}: arrivals in steady state", SteadyRate(report, burst), size.Permits * least, "/s", naive?.SteadyRate);
        _report.Tell($"{title}: arrivals, with the burst's own seconds and the tail", Rate(report.SteadyRate));
        if (serverErrors > 0)
        {
            _report.Tell($"{title}: 500s", $"{report.Status(500)}");
        }

        _report.Tell($"{title}: all acknowledged after", burst.TotalSeconds.ToString("0.## s", CultureInfo.InvariantCulture));
    }

    private async Task<SandboxReport> RunNaiveAsync(CancellationToken stop)
    {
        await using var sandbox = await StartSandboxAsync(new SandboxSetup(size.Permits), stop);
        using var client = new NaiveClient(sandbox.Url, size.Permits, _window, MaxConcurrency);
        var sending = client.SendAllAsync(size.Customers, size.CallsEach, stop);
        await FollowAsync("Baseline: a client with a token bucket", sandbox, sending, stop);
        await sending;
        return await sandbox.ReportAsync(stop);
    }

    private async Task<ISandbox> StartSandboxAsync(SandboxSetup setup, CancellationToken stop) =>
        sandboxHere ? await SandboxHere.StartAsync(setup, stop) : await SandboxProcess.StartAsync(setup, stop);

    /// <summary>Follows the burst until all of it was taken, or until nothing more can be hoped for: what is missing then is told as lost.</summary>
    private async Task FollowAsync(string title, ISandbox sandbox, Task sending, CancellationToken stop)
    {
        var processed = 0L;
        await Steps.FollowAsync(title, size.Calls, () => processed, WatchAsync());

        async Task WatchAsync()
        {
            var began = Stopwatch.GetTimestamp();
            var most = _patience + TimeSpan.FromSeconds(2.0 * size.Calls / size.Permits);
            while (processed < size.Calls && Stopwatch.GetElapsedTime(began) < most && !sending.IsFaulted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
                processed = (await sandbox.ReportAsync(stop)).Order.DistinctSeqs;
            }
        }
    }

    /// <summary>
    /// Arrivals a second over whole seconds, once all calls are taken in and without the last tenth of all arrivals. Before, a process that has just
    /// started takes thousands of calls a second on the same processors; behind, only calls are left that wait for their next attempt.
    /// </summary>
    private static double? SteadyRate(SandboxReport report, TimeSpan burst)
    {
        var (arrived, seconds) = (0L, new List<int>());
        foreach (var inSecond in report.ArrivalsPerSecond)
        {
            arrived += inSecond;
            if (arrived > report.Arrivals * 0.9)
            {
                break;
            }

            seconds.Add(inSecond);
        }

        var steady = seconds.Skip(1 + (int)Math.Ceiling(burst.TotalSeconds)).ToList();
        return steady.Count > 0 ? steady.Average() : null;
    }

    private static string Rate(double? rate) => string.Create(CultureInfo.InvariantCulture, $"{rate:0.##}/s");
}
