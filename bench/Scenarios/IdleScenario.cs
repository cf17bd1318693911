using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;
using HdrHistogram;

namespace CioOrleans.Bench.Scenarios;

/// <summary>One call at a time with nothing else to do: from sending it to the dispatcher to its arrival at Customer.io, on one clock.</summary>
internal sealed class IdleScenario(int calls) : IScenario
{
    private const int Customers = 100;
    private const long HighestMicroseconds = 60_000_000;

    /// <summary>Slower than the limit's pace, so that no call waits for a token.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly Report _report = new("idle");
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private readonly long _start = Stopwatch.GetTimestamp();

    private DateTimeOffset Now => _startedAt + Stopwatch.GetElapsedTime(_start);

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        using var data = new DataFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxSetup(Enforced: null, HasLatency: false).ToOptions(), cancellationToken: stop);
        await using var dispatcher = await DispatcherProcess.StartAsync(data, sandbox.Url, "100/1s", stop);
        using var direct = new HttpClient { BaseAddress = sandbox.Url, DefaultRequestHeaders = { Authorization = new("Basic", DispatcherProcess.Credentials) } };

        var warmUp = Math.Max(Customers * 2, calls / 4);
        await MeasureAsync("Warming up", dispatcher.Http, sandbox, warmUp, firstCall: 0, stop);
        var (arrival, answer) = await MeasureAsync("One call at a time", dispatcher.Http, sandbox, calls, warmUp, stop);
        await MeasureAsync("Warming up, straight to the sandbox", direct, sandbox, warmUp, 0, stop);
        var (directArrival, directAnswer) = await MeasureAsync("Straight to the sandbox", direct, sandbox, calls, warmUp, stop);

        _report.AtMost("sent to arrival, p50", At(arrival, 50), 5, "ms", At(directArrival, 50));
        _report.Tell("sent to arrival, p95", Text(arrival, 95), Text(directArrival, 95));
        _report.Tell("sent to arrival, p99", Text(arrival, 99), Text(directArrival, 99));
        _report.Tell("sent to acknowledged, p50", Text(answer, 50), Text(directAnswer, 50));
        _report.Tell("sent to acknowledged, p99", Text(answer, 99), Text(directAnswer, 99));
        return _report;
    }

    private async Task<(HistogramBase Arrival, HistogramBase Answer)> MeasureAsync(
        string title, HttpClient http, SandboxServer sandbox, int count, int firstCall, CancellationToken stop)
    {
        var (arrivals, answers, done) = (new LongHistogram(HighestMicroseconds, 3), new LongHistogram(HighestMicroseconds, 3), 0);
        await Steps.FollowAsync(title, count, () => done, CallAsync());
        return (arrivals, answers);

        async Task CallAsync()
        {
            for (; done < count; done++)
            {
                var call = firstCall + done;
                using var request = CallText.Request(call % Customers, 1 + (call / Customers));
                sandbox.Reset();
                var (sentAt, began) = (Now, Stopwatch.GetTimestamp());
                using var answer = await http.SendAsync(request, stop);
                answers.RecordValue((long)Stopwatch.GetElapsedTime(began).TotalMicroseconds);
                answer.EnsureSuccessStatusCode();
                await sandbox.WaitForProcessedAsync(1, stop);
                arrivals.RecordValue(Math.Max(1, (long)(sandbox.Report().LastArrival!.Value - sentAt).TotalMicroseconds));
                await Task.Delay(_pause, stop);
            }
        }
    }

    private static double At(HistogramBase histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;

    private static string Text(HistogramBase histogram, double percentile) => At(histogram, percentile).ToString("0.## ms", CultureInfo.InvariantCulture);
}
