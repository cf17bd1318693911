using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Limits;

namespace CioOrleans.Bench.Scenarios;

/// <summary>A file of people is imported from the command line; live calls of others come meanwhile, through the import's own limit and through that of Track v1.</summary>
internal sealed class ImportScenario(int rows, double every, int permits = 100) : IScenario
{
    private const int TrackPermits = 100;
    private const double Window = 1;

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"import of {rows:#,0} people at {permits} requests a second"));
    private readonly List<double> _v1 = [];
    private readonly List<double> _v2 = [];

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        using var data = new DataFolder();
        var file = Path.Combine(Path.GetDirectoryName(data.Database)!, "people.csv");
        await WriteAsync(file, stop);
        var limits = string.Create(CultureInfo.InvariantCulture, $"batch={permits}/1s;identify,track,page={TrackPermits}/1s");
        await using var sandbox = await SandboxServer.StartAsync(
            new SandboxSetup(TrackPermits).ToOptions() with { Limits = [.. limits.Split(';').SelectMany(SandboxLimit.Parse)] }, cancellationToken: stop);
        await using var dispatcher = await DispatcherProcess.StartAsync(
            data, sandbox.Url, $"{TrackPermits}/1s", stop, settings: ("Limits__batch", string.Create(CultureInfo.InvariantCulture, $"{permits}/1s")));
        var began = Stopwatch.GetTimestamp();
        await using var import = StartImport(dispatcher, file);
        using var imported = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var calling = CallAsync(dispatcher, sandbox, imported.Token);
        var (estimate, estimatedAt, end) = (default(double?), 0.0, 0.0);
        var delivered = 0L;
        await Steps.FollowAsync("Importing", rows, () => delivered, FollowAsync());
        await imported.CancelAsync();
        await calling;
        await import.WaitForSuccessAsync(stop);

        var report = sandbox.Report();
        _report.AtMost("a live call of the import's own limit arrives after (worst)", _v2.Max(), 2 * Window, "s");
        _report.AtMost("a live call of Track v1 arrives after (worst)", _v1.Max(), 2 * Window, "s");
        _report.AtMost("the first estimate of the end, off by", estimate is { } foretold ? Math.Abs(foretold - end) / end * 100 : null, 10, "%");
        _report.Zero("lost", rows + _v1.Count + _v2.Count - report.Order.DistinctSeqs);
        _report.Zero("dead letters", (await dispatcher.StatusAsync(stop)).DeadLetters);
        _report.Zero("429s", report.Status(429));
        _report.AtMost("most requests of the import's limit in any second", report.MaxInWindowByClass.GetValueOrDefault("batch"), permits);
        _report.Tell("imported and delivered in", Seconds(end));
        _report.Tell("the first estimate", string.Create(CultureInfo.InvariantCulture, $"{estimate:0.0} s, given after {estimatedAt:0.0} s"));
        _report.Tell("people a second", string.Create(CultureInfo.InvariantCulture, $"{rows / end:#,0}"));
        _report.Tell("requests of the class batch", report.ByClass.GetValueOrDefault("batch").ToString("#,0", CultureInfo.InvariantCulture));
        _report.Tell("live calls (median, the import's own limit)", Seconds(Median(_v2)));
        _report.Tell("live calls (median, Track v1)", Seconds(Median(_v1)));
        _report.Tell("live calls made", $"{_v1.Count + _v2.Count}");
        _report.Tell("memory at its peak", string.Create(CultureInfo.InvariantCulture, $"{dispatcher.Memory.Peak:0} MB"));
        return _report;

        async Task FollowAsync()
        {
            // The tool's first line names the import: "Import 01…: 200000 rows."
            var id = (await import.Lines.ReadAsync(stop)).Split(' ', ':')[1];
            while (end == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
                if (import.HasExited)
                {
                    await import.WaitForSuccessAsync(stop);
                }

                using var answer = await dispatcher.Http.GetAsync(new Uri($"/admin/workspaces/acme/imports/{id}", UriKind.Relative), stop);
                if (!answer.IsSuccessStatusCode)
                {
                    continue;
                }

                var progress = (await answer.Content.ReadFromJsonAsync<ImportProgress>(stop))!;
                delivered = progress.Delivered;
                var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
                if (estimate is null && progress.ExpectedEnd is { } expected)
                {
                    estimatedAt = elapsed;
                    estimate = elapsed + (expected - DateTimeOffset.UtcNow).TotalSeconds;
                }

                end = progress.IsDone ? elapsed : 0;
            }
        }
    }

    private static ChildProcess StartImport(DispatcherProcess dispatcher, string file) => ChildProcess.Start(
        "dotnet",
        [BuildPaths.CliAssembly, "import", file, "--id", "id", "--infer-types", "--workspace", "acme"],
        new Dictionary<string, string> { ["CIO_URL"] = dispatcher.Url.ToString(), ["CIO_SITE_ID"] = DispatcherProcess.SiteId, ["CIO_API_KEY"] = DispatcherProcess.ApiKey });

    private async Task WriteAsync(string file, CancellationToken stop)
    {
        await using var writer = new StreamWriter(file);
        await writer.WriteLineAsync("id,email,first_name,last_name,plan,city,seq");
        for (var i = 1; i <= rows; i++)
        {
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"p{i:0000000},p{i}@example.com,Ann,Example,pro,Berlin,1").AsMemory(), stop);
        }
    }

    /// <summary>One live call after the other, in turn through both limits, each of another person.</summary>
    private async Task CallAsync(DispatcherProcess dispatcher, SandboxServer sandbox, CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            await Task.Delay(TimeSpan.FromSeconds(every), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            var isV2 = number % 2 == 0;
            var sentAt = Stopwatch.GetTimestamp();
            using var request = isV2 ? Operation(number) : CallText.Request(number, seq: 1);
            using var answer = await dispatcher.Http.SendAsync(request, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            while (sandbox.Customer(CallText.Customer(number)) is null && Stopwatch.GetElapsedTime(sentAt) < _patience)
            {
                await Task.Delay(_poll, CancellationToken.None);
            }

            (isV2 ? _v2 : _v1).Add(Stopwatch.GetElapsedTime(sentAt).TotalSeconds);
        }
    }

    private static HttpRequestMessage Operation(int customer) => new(HttpMethod.Post, new Uri("/api/v2/entity", UriKind.Relative))
    {
        Content = JsonContent.Create(new { type = "person", action = "identify", identifiers = new { id = CallText.Customer(customer) }, attributes = new { plan = "pro", seq = 1 } }),
    };

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Seconds(double seconds) => seconds.ToString("0.00 s", CultureInfo.InvariantCulture);

    /// <summary>What <c>/admin/workspaces/{workspace}/imports/{import}</c> says.</summary>
    private sealed record ImportProgress(long Delivered, DateTimeOffset? ExpectedEnd, bool IsDone);
}
