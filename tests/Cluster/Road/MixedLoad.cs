using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Sandbox;

namespace CioOrleans.Cluster.Road;

/// <summary>Every kind of call at a steady pace: v1 calls, v2 operations alone and together, stored and forwarded sends, pass-throughs and region look-ups.</summary>
internal sealed class MixedLoad : IAsyncDisposable
{
    private const int CustomersOfEach = 12;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(0.75);

    private readonly HttpClient _track = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly HttpClient _app = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _accepted = new();
    private readonly ConcurrentBag<string> _storedSends = [];
    private readonly ConcurrentBag<string> _sent = [];
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly string _name = $"{Guid.NewGuid():N}"[..6];
    private readonly Task _callers;
    private int _sends;

    public MixedLoad(Uri dispatcher)
    {
        _track.BaseAddress = _app.BaseAddress = dispatcher;
        _track.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("site:key"u8));
        _app.DefaultRequestHeaders.Authorization = new("Bearer", "app");
        List<Task> callers = [];
        foreach (var n in Enumerable.Range(0, CustomersOfEach))
        {
            var (v1, v2, together, beside) = ($"{_name}-v1-{n}", $"{_name}-v2-{n}", $"{_name}-together-{n}", $"{_name}-beside-{n}");
            callers.Add(RepeatAsync(n, [v1], seq => TrackAsync(v1, seq)));
            callers.Add(RepeatAsync(n, [v2], seq => PostAsync(_track, "/api/v2/entity", Operation(v2, seq))));
            callers.Add(RepeatAsync(n, [together, beside], seq => PostAsync(
                _track, "/api/v2/batch", $$"""{"batch":[{{Operation(together, seq)}},{{Operation(beside, seq)}}]}""")));
        }

        for (var n = 0; n < 3; n++)
        {
            callers.Add(RepeatAsync(n, [], _ => SendAsync(stored: true)));
            callers.Add(RepeatAsync(n, [], _ => SendAsync(stored: false)));
            callers.Add(RepeatAsync(n, [], _ => GetAsync(_app, "/v1/segments")));
            callers.Add(RepeatAsync(n, [], _ => GetAsync(_track, "/api/v1/accounts/region")));
        }

        _callers = Task.WhenAll(callers);
    }

    /// <summary>How often each answer came, by what was asked.</summary>
    public string Answers => string.Join(", ", _answers.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}"));

    /// <summary>Calls and sends that were acknowledged.</summary>
    public int Acknowledged => _accepted.Values.Sum() + _storedSends.Count + _sent.Count;

    /// <summary>Acknowledged calls that never took effect, and messages that were said to be sent and were not.</summary>
    public IReadOnlyList<string> Lost(SandboxServer sandbox)
    {
        List<string> lost = [];
        foreach (var (customer, count) in _accepted)
        {
            // Every call of a customer was acknowledged, or its caller stopped: the seqs have no gaps.
            var seen = sandbox.Customer(customer);
            if (seen is null || seen.DistinctSeqs < count)
            {
                lost.Add($"{customer}: {seen?.DistinctSeqs ?? 0} of {count}");
            }
        }

        var sends = sandbox.Sends();
        lost.AddRange(_sent.Where(key => !sends.ContainsKey(key)).Select(key => $"send {key}"));
        return lost;
    }

    /// <summary>Stored messages that are neither sent nor known to have an unknown outcome.</summary>
    public async Task<IReadOnlyList<string>> UnsettledSendsAsync()
    {
        List<string> unsettled = [];
        foreach (var location in _storedSends)
        {
            var state = await _app.GetStringAsync(new Uri(location, UriKind.RelativeOrAbsolute));
            if (!state.Contains("\"sent\"", StringComparison.Ordinal) && !state.Contains("\"unknown\"", StringComparison.Ordinal))
            {
                unsettled.Add(state);
            }
        }

        return unsettled;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _callers;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _track.Dispose();
        _app.Dispose();
        _stop.Dispose();
    }

    private static string Operation(string customer, int seq) =>
        $$$"""{"type":"person","identifiers":{"id":"{{{customer}}}"},"action":"event","name":"purchase","attributes":{"seq":{{{seq}}}}}""";

    private async Task RepeatAsync(int number, IReadOnlyList<string> customers, Func<int, Task<HttpStatusCode>> callAsync)
    {
        try
        {
            await Task.Delay(_pause * number / CustomersOfEach, TimeProvider.System, _stop.Token);
            using var pace = new PeriodicTimer(_pause, TimeProvider.System);
            for (var seq = 1; !_stop.IsCancellationRequested; seq++)
            {
                var status = await callAsync(seq);
                foreach (var customer in customers)
                {
                    Assert.Equal(HttpStatusCode.OK, status);
                    _accepted[customer] = seq;
                }

                await pace.WaitForNextTickAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private Task<HttpStatusCode> TrackAsync(string customer, int seq) =>
        PostAsync(_track, $"/api/v1/customers/{customer}/events", $$$"""{"name":"purchase","data":{"seq":{{{seq}}}}}""");

    private async Task<HttpStatusCode> SendAsync(bool stored)
    {
        var key = $"{_name}-{Interlocked.Increment(ref _sends)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/send/email")
        {
            Content = new StringContent($$$"""{"identifiers":{"id":"{{{_name}}}"},"message_data":{"seq":"{{{key}}}"}}""", Encoding.UTF8, "application/json"),
        };
        if (stored)
        {
            request.Headers.Add("Prefer", "respond-async");
        }

        using var answer = await _app.SendAsync(request);
        Note(stored ? "stored send" : "send", answer.StatusCode);
        if (stored && answer.IsSuccessStatusCode)
        {
            _storedSends.Add(answer.Headers.Location!.ToString());
        }
        else if (answer.IsSuccessStatusCode)
        {
            _sent.Add(key);
        }

        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> PostAsync(HttpClient http, string target, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(new Uri(target, UriKind.Relative), content);
        Note(target.StartsWith("/api/v1/", StringComparison.Ordinal) ? "v1" : target, answer.StatusCode);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> GetAsync(HttpClient http, string target)
    {
        using var answer = await http.GetAsync(new Uri(target, UriKind.Relative));
        Note(target, answer.StatusCode);
        return answer.StatusCode;
    }

    private void Note(string what, HttpStatusCode status) => _answers.AddOrUpdate($"{what} {(int)status}", 1, (_, count) => count + 1);
}
