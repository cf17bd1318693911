using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;

namespace CioOrleans.Bench.Scenarios;

/// <summary>What the console costs, and how soon and how fresh it shows something, while very many calls wait and one person looks with a browser.</summary>
internal sealed partial class ConsoleScenario(int calls, int customers, double settle, double seconds) : IScenario
{
    private static readonly string[] _browsers = ["chromium-headless-shell", "chromium", "google-chrome"];

    /// <summary>The view of the workspace and the list of queues, which reads most.</summary>
    private static readonly string[] _views = ["w/acme", "w/acme/customers"];

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"console with {calls:#,0} waiting calls of {customers:#,0} customers"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxSetup(100).ToOptions(), cancellationToken: stop);
        using var data = new DataFolder();
        await using var dispatcher = await DispatcherProcess.StartAsync(data, sandbox.Url, "100/1s", stop);
        await dispatcher.PauseAsync(stop);
        await Steps.WaitForAsync("Filling through HTTP", LoadProcess.FillAsync(dispatcher.Url, customers, calls, connections: 256, stop));
        await Steps.WaitAsync("Letting idle grains go", TimeSpan.FromSeconds(settle), stop);
        var idle = await ShareAsync(dispatcher, "Nobody looks", stop);

        using var http = new HttpClient { BaseAddress = new Uri(dispatcher.Admin, "/console/") };
        var before = dispatcher.Memory.Resident;
        var first = await TimeAsync(http, "", stop);
        _report.Tell("first request, which builds the console", Milliseconds(first));
        _report.Tell("memory of the console", $"{dispatcher.Memory.Resident - before:0} MB");
        foreach (var view in _views)
        {
            _report.AtMost($"/{view} drawn", (await TimeAsync(http, view, stop)).TotalMilliseconds, 1_000, "ms");
        }

        foreach (var view in _views)
        {
            await LookAsync(dispatcher, http, view, idle, stop);
        }

        return _report;
    }

    private async Task LookAsync(DispatcherProcess dispatcher, HttpClient http, string view, double idle, CancellationToken stop)
    {
        if (_browsers.FirstOrDefault(IsOnPath) is not { } browser)
        {
            _report.Tell($"/{view} with a person looking", "no browser on the PATH");
            return;
        }

        // With the port open it stays at the page until it is killed. The command may be a script around the browser.
        using var person = Process.Start(new ProcessStartInfo(
            browser, ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--log-level=3", "--remote-debugging-port=0", new Uri(http.BaseAddress!, view).ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            await Steps.WaitAsync("Opening the page", TimeSpan.FromSeconds(5), stop);
            var looking = await ShareAsync(dispatcher, $"One person looks at /{view}", stop);
            _report.AtMost($"/{view}: processor that one person who looks takes more", (looking - idle) * 100, 2, "% of a core");
            _report.Tell($"/{view}: processor while one person looks", Percent(looking), Percent(idle));
            if (ReadAt().Match(await http.GetStringAsync(new Uri("w/acme", UriKind.Relative), stop)) is { Success: true } read)
            {
                var age = TimeProvider.System.GetUtcNow().TimeOfDay - TimeSpan.Parse(read.Groups[1].Value, CultureInfo.InvariantCulture);
                _report.AtMost($"/{view}: age of the live values, at most a second less", (age < TimeSpan.Zero ? age + TimeSpan.FromDays(1) : age).TotalSeconds, 2, "s");
            }
        }
        finally
        {
            person.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The share of one core that the dispatcher takes.</summary>
    private async Task<double> ShareAsync(DispatcherProcess dispatcher, string title, CancellationToken stop)
    {
        var (taken, began) = (dispatcher.ProcessorTime, Stopwatch.GetTimestamp());
        await Steps.WaitAsync(title, TimeSpan.FromSeconds(seconds), stop);
        return (dispatcher.ProcessorTime - taken) / Stopwatch.GetElapsedTime(began);
    }

    private static async Task<TimeSpan> TimeAsync(HttpClient http, string view, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        await http.GetStringAsync(new Uri(view, UriKind.Relative), stop);
        return Stopwatch.GetElapsedTime(began);
    }

    private static bool IsOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    private static string Percent(double share) => (share * 100).ToString("0.0 '%' 'of a core'", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan value) => value.TotalMilliseconds.ToString("0 ms", CultureInfo.InvariantCulture);

    [GeneratedRegex("<dt>Read</dt><dd>([0-9:]+) UTC</dd>")]
    private static partial Regex ReadAt();
}
