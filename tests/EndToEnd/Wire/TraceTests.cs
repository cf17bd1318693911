using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>Traces through the real process, from the caller's <c>traceparent</c> to a collector, with a crash in between.</summary>
public sealed partial class TraceTests : IAsyncLifetime
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly string[] _latencies = ["cio_accept_time_seconds_bucket", "cio_attempt_time_seconds_bucket", "cio_delivery_time_seconds_bucket"];

    private OtlpReceiver _collector = null!;

    private DataFolder Data { get; } = new();

    private RawCustomerIo CustomerIo { get; } = new();

    public async ValueTask InitializeAsync() => _collector = await OtlpReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await CustomerIo.DisposeAsync();
        Data.Dispose();
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_callers_trace_goes_on_with_the_attempts_after_a_crash_on_every_road()
    {
        // Accepted without a collector, so that nothing but the caller's header can be kept.
        var stored = Road.All.Where(road => road.Line.Split(' ')[1].StartsWith("/api/", StringComparison.Ordinal) && road.Body.Length > 0
            || road.Credentials.StartsWith(Road.Pipelines, StringComparison.Ordinal) || road.Credentials.Contains("respond-async", StringComparison.Ordinal)).ToList();
        stored.Add(new Road($"{Road.App}\r\nPrefer: respond-async\r\nIdempotency-Key: k", "POST /v1/send/sms", """{"identifiers":{"id":"10"}}"""));
        Assert.Equal(9, stored.Count);
        List<string> parents = [];
        await using (var first = await StartAsync())
        {
            await AdminAsync(first, "pause");
            foreach (var road in stored)
            {
                parents.Add(TraceParent(parents.Count));
                Assert.InRange(await RawCaller.SendAsync(first.Url, road.Line, road.Body, road.Credentials, $"traceparent: {parents[^1]}", "tracestate: vendor=1"), 200, 202);
            }

            Assert.Equal(200, await RawCaller.SendAsync(first.Url, "PUT /api/v1/customers/malformed", "{}", Road.Track, "traceparent: 00-x"));
            await first.KillAsync();
        }

        await using var dispatcher = await StartAsync(_collector.Environment);
        await AdminAsync(dispatcher, "resume");
        await dispatcher.WaitUntilEmptyAsync();

        await Wait.UntilAsync("The links to the spans of the callers", _patience, () => parents.TrueForAll(_collector.HasLinkTo));

        // Accepted with a collector: the request's own span stands between the caller's and the attempt's.
        var traced = TraceParent(100);
        Assert.Equal(200, await RawCaller.SendAsync(dispatcher.Url, "PUT /api/v1/customers/traced", "{}", Road.Track, $"traceparent: {traced}"));
        await dispatcher.WaitUntilEmptyAsync();
        await Wait.UntilAsync("The span of the request", _patience, () => _collector.HasChildOf(traced) && _collector.Has("cio.call_id"u8));
        Assert.False(_collector.HasLinkTo(traced));

        // Customer.io gets the headers of callers as they came, and nothing of ours. An operation of a batch leaves with the headers of all, or without.
        var requests = CustomerIo.Requests;
        Assert.All(requests, request => Assert.DoesNotContain("\r\nRequest-Id:", request, StringComparison.OrdinalIgnoreCase));
        Assert.All(
            requests.SelectMany(request => Header().Matches(request)).Select(match => match.Groups[1].Value),
            value => Assert.Contains(value, parents.Append(traced).Append("00-x")));
        Assert.Contains($"\r\ntraceparent: {traced}\r\n", Assert.Single(requests, request => request.StartsWith("PUT /api/v1/customers/traced ", StringComparison.Ordinal)), StringComparison.Ordinal);

        // The span's name and tags say nothing of customers.
        Assert.False(_collector.Has("customers/traced"u8));
        await AssertHasExemplarAsync(dispatcher, traced);
    }

    /// <summary>The latencies name the trace of the call, in the format of OpenMetrics.</summary>
    private static async Task AssertHasExemplarAsync(Dispatcher dispatcher, string traceParent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0"));
        using var answer = await dispatcher.Http.SendAsync(request);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n').Where(line => line.Contains(traceParent[3..35], StringComparison.Ordinal)).ToList();

        Assert.All(_latencies, name => Assert.Contains(lines, line => line.StartsWith(name, StringComparison.Ordinal)));
    }

    private static string TraceParent(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"00-4bf92f3577b34da6a3ce929d0e0e{number:x4}-00f067aa0ba9{number:x4}-01");

    private static async Task AdminAsync(Dispatcher dispatcher, string action)
    {
        using var answer = await dispatcher.Http.PostAsync(new Uri($"/admin/workspaces/acme/{action}", UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }

    private Task<Dispatcher> StartAsync(params (string Key, string Value)[] more) => Dispatcher.StartAsync(
        Data,
        CustomerIo.Url,
        [
            ("AppApiKey", "app"), ("PipelinesWriteKey", "write"), ("PipelinesUrl", CustomerIo.Url.ToString()),
            ("Limits__query", "1000/1s"), ("Limits__broadcast", "query"), ("Limits__identify", "1000/1s"), .. more,
        ]);

    [GeneratedRegex("\r\ntraceparent: ([^\r]*)\r", RegexOptions.IgnoreCase)]
    private static partial Regex Header();
}
