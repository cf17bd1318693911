using System.Globalization;
using System.Net;
using System.Text;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// Operations come in through <c>/api/v2/batch</c> while delivery is paused, and leave together: once at 100 requests a second with
/// two in a hundred operations refused at random, once with the limit out of the way.
/// </summary>
internal sealed class BatchesScenario(int operations, int customers) : IScenario
{
    private const int BatchSize = 1_000;

    /// <summary>A prime, so that neighbours in a batch are strangers and all customers come in turn.</summary>
    private const int Stride = 7_919;

    private const double Refused = 0.02;

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"batches, {operations:#,0} operations of {customers:#,0} customers"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await RunAsync("100/s", 100, Refused, stop);
        await RunAsync("no limit", permits: null, refused: 0, stop);
        return _report;
    }

    private async Task RunAsync(string title, int? permits, double refused, CancellationToken stop)
    {
        using var data = new DataFolder();
        await using var sandbox = await SandboxProcess.StartAsync(new SandboxSetup(null) { EnforcedBatches = permits, FailedItems = refused }, stop);
        await using var dispatcher = await DispatcherProcess.StartAsync(
            data, sandbox.Url, "100/1s", stop, settings: ("Limits__batch", permits is null ? "100000/1s" : $"{permits}/1s"));
        await dispatcher.PauseAsync(stop);
        var sent = 0;
        await Steps.FollowAsync($"{title}: accepting", operations, () => sent, SendAllAsync());
        await dispatcher.ResumeAsync(stop);
        await dispatcher.WaitUntilEmptyAsync($"{title}: delivering", stop);

        var report = await sandbox.ReportAsync(stop);
        var deadLetters = (await dispatcher.StatusAsync(stop)).DeadLetters;
        var demanded = (operations + BatchSize - 1) / BatchSize;
        var seconds = (report.LastArrival - report.FirstArrival)?.TotalSeconds;
        _report.Zero($"{title}: order violations", report.Order.OrderViolations);
        _report.Zero($"{title}: lost", operations - deadLetters - report.Order.DistinctSeqs);
        _report.Zero($"{title}: duplicates", report.Order.Duplicates);
        if (permits is { } most)
        {
            _report.AtMost($"{title}: requests", report.Arrivals, demanded * 1.05, baseline: operations);
            _report.AtMost($"{title}: most requests in any second", report.MaxInWindow, most);
            _report.Zero($"{title}: 429s", report.Status(429));
            _report.Tell($"{title}: refused operations, now dead letters", $"{deadLetters}");
        }
        else
        {
            _report.AtLeast($"{title}: operations delivered", operations / seconds, 10_000, "/s");
            _report.Tell($"{title}: requests", $"{report.Arrivals}");
        }

        async Task SendAllAsync()
        {
            for (var first = 0; first < operations; first += BatchSize)
            {
                using var content = new StringContent(Body(first, Math.Min(first + BatchSize, operations)), Encoding.UTF8, "application/json");
                using var answer = await dispatcher.Http.PostAsync(new Uri("/api/v2/batch", UriKind.Relative), content, stop);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    throw new InvalidOperationException($"A batch was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
                }

                sent = first + BatchSize;
            }
        }
    }

    private string Body(int from, int to) => $$"""{"batch":[{{string.Join(',', Enumerable.Range(from, to - from).Select(Operation))}}]}""";

    private string Operation(int number)
    {
        var (customer, seq) = (CallText.Customer((int)((long)number * Stride % customers)), 1 + (number / customers));
        return CallText.IsIdentify(seq)
            ? $$$"""{"type":"person","action":"identify","identifiers":{"id":"{{{customer}}}"},"attributes":{"plan":"pro","seq":{{{seq}}}}}"""
            : $$$"""{"type":"person","action":"event","name":"purchase","identifiers":{"id":"{{{customer}}}"},"attributes":{"amount":19.9,"seq":{{{seq}}}}}""";
    }
}
