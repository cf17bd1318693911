using System.Diagnostics;
using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;
using HdrHistogram;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// Attacks, one after the other, beside the steady calls of a good customer; each is compared with as many harmless requests a second. The attacker is a process of its own on one core.
/// </summary>
/// <param name="seconds">How long each attack lasts, and the harmless requests before it.</param>
/// <param name="only">The name of one attack; null for all.</param>
internal sealed class AttacksScenario(double seconds, string? only) : IScenario
{
    /// <summary>A good customer's latency beside an attack, as a multiple of that beside harmless requests.</summary>
    private const double Most = 3;

    private const long HighestMicroseconds = 60_000_000;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"attacks of {seconds} s each"));
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _goodCalls;

    private DateTimeOffset Now => _startedAt + Stopwatch.GetElapsedTime(_start);

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        using var data = new DataFolder();
        var setup = new SandboxSetup(Enforced: null, HasLatency: false, Recorded: 200_000).ToOptions();
        await using var sandbox = await SandboxServer.StartAsync(setup, cancellationToken: stop);
        await using var dispatcher = await DispatcherProcess.StartAsync(
            data, sandbox.Url, "100000/1s", stop, DispatcherHost.Product, ("AppApiKey", Attack.AppKey), ("PipelinesWriteKey", "write"), ("PipelinesUrl", sandbox.Url.ToString()),
            ("Dispatcher__Api__AnonymousPaths", "true"));
        await BuryAsync(dispatcher, sandbox, stop);
        await MeasureAsync(Attack.Harmless(500), dispatcher, sandbox, stop);
        await MeasureAsync(Attack.Harmless(500), dispatcher, sandbox, stop);
        foreach (var attack in Attack.All.Where(attack => only is null || attack.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            Steps.Say(attack.Name);
            var harmless = await MeasureAsync(Attack.Harmless(attack.PerSecond), dispatcher, sandbox, stop);
            var attacked = await MeasureAsync(attack, dispatcher, sandbox, stop);
            _report.AtMost($"{attack.Name}, {attack.PerSecond}/s: accept, p99 / harmless", attacked.Accept / harmless.Accept, Most, baseline: 1);
            _report.AtMost($"{attack.Name}: accept to arrival, p99 / harmless", attacked.Arrival / harmless.Arrival, Most, baseline: 1);
            _report.Tell(
                $"{attack.Name}: accept and arrival, p99", string.Create(CultureInfo.InvariantCulture, $"{attacked.Accept:0.0}, {attacked.Arrival:0.0} ms"),
                string.Create(CultureInfo.InvariantCulture, $"{harmless.Accept:0.0}, {harmless.Arrival:0.0} ms"));
            _report.Tell($"{attack.Name}: answers to it; memory", $"{attacked.Answers}; {dispatcher.Memory.Resident:0} MB");
        }

        _report.AtMost("most memory", dispatcher.Memory.Peak, 512, "MB");
        return _report;
    }

    private async Task<Measured> MeasureAsync(Attack attack, DispatcherProcess dispatcher, SandboxServer sandbox, CancellationToken stop)
    {
        var port = attack.ToAdmin ? dispatcher.Admin.Port : dispatcher.Url.Port;
        await using var generator = ChildProcess.Start(
            "dotnet",
        [
            BuildPaths.BenchAssembly, "attacker", "--attack", attack.Name, "--rate", Text(attack.PerSecond), "--port", Text(port), "--seconds", seconds.ToString(CultureInfo.InvariantCulture),
        ]);
        using (var pin = Process.Start(new ProcessStartInfo("taskset", ["-acp", "1", Text(generator.Id)]) { RedirectStandardOutput = true })!)
        {
            await pin.WaitForExitAsync(stop);
        }

        // The first line says that the generator is ready. It attacks after the line.
        await generator.Lines.ReadAsync(stop);
        var accepts = new LongHistogram(HighestMicroseconds, 3);
        List<(string Name, DateTimeOffset SentAt)> sent = [];
        var end = generator.WaitForSuccessAsync(stop);
        while (!end.IsCompleted)
        {
            var name = $"good{_goodCalls++}";
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/v1/customers/{name}", UriKind.Relative)) { Content = new StringContent("{}") };
            var (sentAt, began) = (Now, Stopwatch.GetTimestamp());
            using var answer = await dispatcher.Http.SendAsync(request, stop);
            answer.EnsureSuccessStatusCode();
            accepts.RecordValue((long)Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            sent.Add((name, sentAt));
            await Task.Delay(_pause, stop);
        }

        await end;
        var arrivals = await ArrivalsAsync(sandbox, sent, stop);
        await DiscardAsync(dispatcher, stop);
        sandbox.Reset();
        return new Measured(accepts.GetValueAtPercentile(99) / 1000.0, arrivals.GetValueAtPercentile(99) / 1000.0, await generator.Lines.ReadAsync(stop));
    }

    private static async Task<HistogramBase> ArrivalsAsync(SandboxServer sandbox, List<(string Name, DateTimeOffset SentAt)> sent, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        Dictionary<string, DateTimeOffset> arrived;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
            arrived = sandbox.Requests.Where(request => request.RawTarget.StartsWith("/api/v1/customers/good", StringComparison.Ordinal))
                .GroupBy(request => request.RawTarget["/api/v1/customers/".Length..]).ToDictionary(calls => calls.Key, calls => calls.Min(call => call.ArrivedAt));
        }
        while (!sent.TrueForAll(call => arrived.ContainsKey(call.Name)) && Stopwatch.GetElapsedTime(began) < _patience);

        var arrivals = new LongHistogram(HighestMicroseconds, 3);
        foreach (var (name, sentAt) in sent)
        {
            arrivals.RecordValue(arrived.TryGetValue(name, out var at) ? Math.Max(1, (long)(at - sentAt).TotalMicroseconds) : HighestMicroseconds);
        }

        return arrivals;
    }

    /// <summary>Discards the calls that an attack has left in the queue.</summary>
    private static async Task DiscardAsync(DispatcherProcess dispatcher, CancellationToken stop)
    {
        using var answer = await dispatcher.Http.DeleteAsync(new Uri("/admin/workspaces/acme/calls?all=true", UriKind.Relative), stop);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Makes dead letters of 30 KB.</summary>
    private static async Task BuryAsync(DispatcherProcess dispatcher, SandboxServer sandbox, CancellationToken stop)
    {
        sandbox.Faults = new SandboxFaults { FailedItems = 1 };
        for (var batch = 0; batch < 30; batch++)
        {
            var items = string.Join(',', Enumerable.Range(0, 16).Select(item =>
                $$$"""{"type":"person","action":"identify","identifiers":{"id":"l{{{batch}}}-{{{item}}}"},"attributes":{"fill":"{{{new string('x', 30_000)}}}"}}"""));
            using var content = new StringContent($$"""{"batch":[{{items}}]}""");
            using var answer = await dispatcher.Http.PostAsync(new Uri("/api/v2/batch", UriKind.Relative), content, stop);
            answer.EnsureSuccessStatusCode();
        }

        await dispatcher.WaitUntilEmptyAsync("Making dead letters", stop);
        sandbox.Faults = new SandboxFaults();
        sandbox.Reset();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Accept">p99 from a good call to its answer, in ms.</param>
    /// <param name="Arrival">p99 from a good call to its arrival at the sandbox, in ms.</param>
    /// <param name="Answers">What the attacker was answered.</param>
    private sealed record Measured(double Accept, double Arrival, string Answers);
}
