using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;

namespace CioOrleans.EndToEnd;

/// <summary>
/// Every call of the official Node packages for the App and the Pipelines API, once straight at a receiver and once through the dispatcher:
/// the same must arrive, and each call must end alike. <see cref="Wire.TrackWireTests"/> does so for the Track API.
/// </summary>
public sealed partial class AppWireTests
{
    private const string AppKey = "app-key";
    private const string WriteKey = "write-key";

    // They belong to a connection, or to one hop. What is stored is asked for in no coding: its answer is for the dispatcher.
    private static readonly HashSet<string> _ofTheHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Transfer-Encoding", "Accept-Encoding", "Content-Length",
    };

    // Without a time to settle: a person that a query names is known at once or not at all.
    private static readonly SandboxOptions _options = new()
    {
        Url = "http://127.0.0.1:0",
        AppApiKey = AppKey,
        PipelinesWriteKey = WriteKey,
        RecordRequests = 10_000,
        SettleTime = TimeSpan.Zero,
    };

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Every_call_of_the_Node_packages_arrives_and_ends_as_it_would_without_the_dispatcher()
    {
        await using var receiver = await SandboxServer.StartAsync(_options);
        var (made, straight, ended) = await RunAsync(receiver, receiver.Url);
        await using var behind = await SandboxServer.StartAsync(_options);
        using var data = new DataFolder();
        await using var dispatcher = await Dispatcher.StartAsync(
            data,
            behind.Url,
            ("AppApiKey", AppKey),
            ("PipelinesWriteKey", WriteKey),
            ("PipelinesUrl", behind.Url.ToString()),
            ("Limits__query", "1000/1s"),
            ("Limits__broadcast", "query"));

        var (madeAgain, through, endedAgain) = await RunAsync(behind, dispatcher.Url, dispatcher);

        Assert.Equal(made, madeAgain);
        Assert.True(made >= 170, $"{made} calls");
        Assert.Equal(made, straight.Count);
        Assert.Equal(straight, through);
        Assert.Equal(ended, endedAgain);
        Assert.Equal(made, ended.Count);
        var refused = Assert.Single(ended, outcome => outcome.Contains("\"error\"", StringComparison.Ordinal));
        Assert.StartsWith("getAttributes ", refused, StringComparison.Ordinal);
    }

    private static async Task<(int Made, IReadOnlyList<string> Arrived, IReadOnlyList<string> Ended)> RunAsync(SandboxServer receiver, Uri url, Dispatcher? dispatcher = null)
    {
        var output = await NodeSdk.RunAsync("wire-app.mjs", url.ToString(), AppKey, WriteKey);
        using var report = JsonDocument.Parse(output[output.LastIndexOf("{\"made\"", StringComparison.Ordinal)..]);
        Assert.Equal([], report.RootElement.GetProperty("skipped").EnumerateArray().Select(s => s.GetString()));
        if (dispatcher is not null)
        {
            await dispatcher.WaitUntilEmptyAsync();
        }

        return (
            report.RootElement.GetProperty("made").GetInt32(),
            [.. receiver.Requests.Select(Describe).Order(StringComparer.Ordinal)],
            [.. report.RootElement.GetProperty("outcomes").EnumerateArray().Select(outcome => QueuedAt().Replace(outcome.GetString()!, "queued"))]);
    }

    private static string Describe(RecordedRequest request)
    {
        // Strict mode is what the dispatcher adds; a form's boundary differs each time that it is sent.
        var headers = request.Headers
            .Where(h => !_ofTheHop.Contains(h.Key) && !h.Key.Equals("X-Strict-Mode", StringComparison.OrdinalIgnoreCase))
            .Select(h => $"{h.Key.ToLowerInvariant()}: {h.Value}")
            .Order(StringComparer.Ordinal);
        var text = $"{request.Method} {request.RawTarget}\n{string.Join('\n', headers)}\n\n{Encoding.UTF8.GetString(request.Body.Span)}";
        return Boundary().Replace(text, "boundary");
    }

    [GeneratedRegex("\"queued_at\":[0-9]+")]
    private static partial Regex QueuedAt();

    [GeneratedRegex("-*formdata-undici-[0-9]+")]
    private static partial Regex Boundary();
}
