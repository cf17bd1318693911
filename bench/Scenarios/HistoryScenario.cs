using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;

namespace CioOrleans.Bench.Scenarios;

/// <summary>A history of very many rows: their size, searches, the proof over all of them, and the deletion of a day while calls are accepted.</summary>
internal sealed class HistoryScenario(int rows, int customers, int searches, int perSecond, Deployment deployment) : IScenario
{
    private const string Admin = "/admin/workspaces/acme/history";
    private const int Connections = 64;

    /// <summary>Seconds of load before those that are measured.</summary>
    private const int WarmUp = 20;

    /// <summary>Seconds of load without a deletion, and as many with it.</summary>
    private const int Measured = 33;

    /// <summary>When the first day becomes too old: a silo looks half a minute and a minute after its start.</summary>
    private const int TooOldAfter = 52;

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"history of {rows:#,0} rows of {customers:#,0} customers, {deployment}"));
    private readonly HistoryData _data = new(rows, customers);

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxHere.StartAsync(new SandboxSetup(Enforced: null), stop);
        await using var site = await DispatcherSite.StartAsync(deployment, sandbox.Url, string.Create(CultureInfo.InvariantCulture, $"{HistoryData.PerSecond}/1s"));
        await Steps.FollowAsync("Filling", rows, () => _data.Written, _data.FillAsync(site, stop));
        _report.AtMost("on the disk, a row with its indexes", (double)await HistoryData.SizeAsync(site, stop) / rows, deployment == Deployment.Sqlite ? 220 : 350, "bytes");

        await using (var dispatcher = await StartAsync(site, TimeSpan.FromDays(30), stop))
        {
            await SearchAsync(dispatcher, stop);
            await VerifyAsync(dispatcher, stop);
        }

        var (without, with) = await AcceptAsync(site, stop);
        _report.AtMost("p99 of accepts while a day is deleted", with.P99, 1.5 * without.P99, "ms", without.P99);
        _report.Tell("accepts a second meanwhile", Text(with.PerSecond), Text(without.PerSecond));
        return _report;
    }

    /// <summary>With PostgreSQL a whole day, its partition, becomes too old.</summary>
    private TimeSpan KeepAllButTheFirstDay() => TimeProvider.System.GetUtcNow().AddSeconds(TooOldAfter)
        - (deployment == Deployment.Sqlite ? _data.EndOfFirstDay : new DateTimeOffset(_data.Begin.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));

    private static async Task<DispatcherProcess> StartAsync(DispatcherSite site, TimeSpan keep, CancellationToken stop)
    {
        var environment = site.Environment.ToDictionary();
        environment["Dispatcher__History__Keep"] = $"{(long)keep.TotalSeconds}s";
        environment["Dispatcher__History__MaxSize"] = "100GB";
        var dispatcher = DispatcherProcess.Launch(environment, DispatcherHost.Product);
        await dispatcher.WaitUntilReadyAsync(stop);
        return dispatcher;
    }

    private async Task SearchAsync(DispatcherProcess dispatcher, CancellationToken stop)
    {
        var random = new Random(1);
        int Call() => random.Next(rows * 9 / 10);
        (string Name, Func<string> Query)[] kinds =
        [
            ("by customer", () => $"customer={_data.Customer(Call())}"),
            ("by customer, failures only", () => $"customer={_data.Customer(Call())}&status=failure"),
            ("by call", () => $"call={_data.CallId(Call())}"),
            ("by event id", () => $"event={HistoryData.Event(Call() / 2 * 2)}"),
            ("failures", () => $"status=failure&to={Time(random)}"),
            ("server errors of a kind", () => $"status=5xx&kind=event&to={Time(random)}"),
            ("by kind", () => $"kind=identify&to={Time(random)}"),
            ("by import", () => $"import={_data.Import}&to={Time(random)}"),
            ("by import that has no row", () => $"import={Ulid.NewUlid()}"),
            ("by time", () => $"to={Time(random)}"),
        ];
        foreach (var (name, query) in kinds)
        {
            var (times, found) = (new List<double>(), 0);
            for (var search = 0; search < searches; search++)
            {
                var uri = new Uri($"{Admin}?{query()}", UriKind.Relative);
                var began = Stopwatch.GetTimestamp();
                using var answer = JsonDocument.Parse(await dispatcher.Http.GetStringAsync(uri, stop));
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                found += answer.RootElement.GetProperty("rows").GetArrayLength();
            }

            times.Sort();
            _report.AtMost($"a page {name}, p95", times[(int)(times.Count * 0.95)], 100, "ms");
            _report.Tell($"a page {name}, p50; rows found", string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:0.#} ms; {found:#,0}"));
        }
    }

    private string Time(Random random) => _data.At(0.05 + (0.95 * random.NextDouble())).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private async Task VerifyAsync(DispatcherProcess dispatcher, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = dispatcher.Admin, Timeout = TimeSpan.FromMinutes(10) };
        var memory = dispatcher.Memory;
        var began = Stopwatch.GetTimestamp();
        var verify = http.GetStringAsync(new Uri($"{Admin}/verify?from={_data.Begin.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}", UriKind.Relative), stop);
        await Steps.WaitForAsync("Verifying", verify, () => $"{dispatcher.Memory.Resident:0} MB");
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        using var answer = JsonDocument.Parse(await verify);
        _report.AtMost("verify", seconds, 60, "s");
        _report.AtMost("peak memory of the process with verify", dispatcher.Memory.Peak, 300, "MB", memory.Peak);
        _report.Tell("verdict", string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.RootElement.GetProperty("verdict").GetString()}, {answer.RootElement.GetProperty("rows").GetInt64():#,0} rows"));
        foreach (var violation in answer.RootElement.GetProperty("violations").EnumerateArray().Take(3))
        {
            _report.Tell("violation", violation.GetRawText());
        }
    }

    private async Task<(SliceResult Without, SliceResult With)> AcceptAsync(DispatcherSite site, CancellationToken stop)
    {
        await using var dispatcher = await StartAsync(site, KeepAllButTheFirstDay(), stop);
        await dispatcher.PauseAsync(stop);
        var slices = new[] { WarmUp, Measured, Measured }.Select(seconds => Slice.For(Slice.Durable, seconds) with { PerSecond = perSecond });
        var load = LoadProcess.RunAsync(dispatcher.Url, Connections, customers, bodyBytes: 300, slices, null, stop);
        await Steps.WaitForAsync("Accepting", load, () => $"{dispatcher.Memory.Resident:0} MB");
        var results = await load;
        return (results[1], results[2]);
    }

    private static string Text(double number) => number.ToString("#,0/s", CultureInfo.InvariantCulture);
}
