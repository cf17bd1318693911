using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace CioOrleans.Testing.Cluster;

/// <summary>
/// Callers, each with a lane of its own, that make every kind of call for the two people of their lane, one call after the other at a steady pace, spread over the front-ends.
/// A request that is not acknowledged is followed by one repeat at the next front-end, after the pause that was asked for. The repeat has marks of its own: nothing is owed for the
/// first. Only a keyed send is repeated as it was, until its answer is final. Beside the lanes an operator replays what Customer.io refused.
/// </summary>
public sealed class Load : IAsyncDisposable
{
    /// <summary>The rate that is enough for all kinds to be under way at each moment.</summary>
    public const double UsualRate = 25;

    private const int Lanes = 25;

    /// <summary>A caller waits no longer for an answer; an import is tried for 20 s by the front-end itself.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15), _importPatience = TimeSpan.FromSeconds(30);

    /// <summary>For a keyed send's final answer, over all of its repeats.</summary>
    private static readonly TimeSpan _keyedPatience = TimeSpan.FromSeconds(90);

    /// <summary>For what follows the load: each customer served again, all answers, all results.</summary>
    private static readonly TimeSpan _settlePatience = TimeSpan.FromSeconds(90);

    private static readonly Uri _deadLetters = new("/admin/workspaces/acme/dead-letters?limit=1000", UriKind.Relative);

    private readonly IReadOnlyList<ClusterProcess> _frontEnds;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly HttpClient _admin = new() { Timeout = _patience };
    private readonly ConcurrentDictionary<string, Call> _calls = new();
    private readonly ConcurrentDictionary<int, DateTimeOffset> _lastServed = new();
    private readonly ConcurrentQueue<Refusal> _refusals = new();
    private readonly ConcurrentDictionary<string, byte> _replayed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _pause;
    private readonly Task _callers;
    private readonly Task _operator;
    private readonly Lock _lock = new();
    private TimeSpan _longestFailure;
    private int _uncured;

    /// <param name="frontEnds">Where the calls go.</param>
    /// <param name="rate">Requests a second, over all lanes.</param>
    public Load(IReadOnlyList<ClusterProcess> frontEnds, double rate = UsualRate)
    {
        (_frontEnds, _pause) = (frontEnds, TimeSpan.FromSeconds(Lanes / rate));
        _admin.DefaultRequestHeaders.Authorization = new("Bearer", ClusterHarness.AdminKey);
        var run = $"{Guid.NewGuid():N}"[..6];
        _callers = Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => RunAsync(new LoadRequests(run, lane), lane)));
        _operator = OperateAsync();
    }

    /// <summary>All calls that were made, by their marks.</summary>
    public IReadOnlyDictionary<string, Call> Calls => _calls;

    /// <summary>Answers that were no acknowledgement.</summary>
    public IReadOnlyCollection<Refusal> Refusals => _refusals;

    /// <summary>The marks of dead letters that were, or may have been, replayed: a replayed call is at the end of its queue.</summary>
    public IReadOnlyCollection<string> Replayed => [.. _replayed.Keys];

    /// <summary>Requests whose repeat failed too.</summary>
    public int Uncured => _uncured;

    /// <summary>The longest time during which a caller got no acknowledgement, from the sending of the first request that failed.</summary>
    public TimeSpan LongestFailure => _longestFailure;

    /// <summary>What is known of dead letters and stored sends, once the load has stopped and nothing waits any more.</summary>
    public LoadResults Results { get; private set; } = new(new Dictionary<string, string>(), new Dictionary<string, string>());

    /// <summary>A front-end that has not been ended.</summary>
    private ClusterProcess Running => _frontEnds.First(frontEnd => frontEnd.IsRunning);

    /// <summary>Waits until every lane had a request acknowledged that was sent after the moment.</summary>
    public Task WaitUntilServedAsync(DateTimeOffset since) => Wait.UntilAsync(
        "An acknowledgement for each lane", _settlePatience, () => Task.FromResult(_lastServed.Count == Lanes && _lastServed.Values.All(at => at >= since)));

    /// <summary>Ends the load; what is under way still gets its answer.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Wait.ForAsync(Task.WhenAll(_callers, _operator), "The answers to all callers", _keyedPatience + _patience);
    }

    /// <summary>Replays what is left of the dead letters, waits until nothing waits for delivery, and asks what became of the stored sends.</summary>
    /// <param name="waitUntilEmpty">Waits until the workspace has no waiting call.</param>
    public async Task SettleAsync(Func<Task> waitUntilEmpty)
    {
        try
        {
            await waitUntilEmpty();
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} What waits:\n{string.Join('\n', await ExplainAsync())}", exception);
        }

        await Wait.UntilAsync("The replay of all dead letters that were refused once", _settlePatience, async () => await TryReplayAsync() == 0);
        await waitUntilEmpty();
        Results = new LoadResults(await DeadLettersAsync(), await StoredSendsAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _admin.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(LoadRequests requests, int lane)
    {
        var failingSince = default(DateTimeOffset?);
        using var pace = new PeriodicTimer(_pause, TimeProvider.System);
        try
        {
            // Not all at the same moment, nor with the same kind.
            await Task.Delay(_pause * lane / Lanes, TimeProvider.System, _stop.Token);
            for (var turn = lane; ; turn++)
            {
                var sentAt = TimeProvider.System.GetUtcNow();
                var (isServed, isFirst) = await ServeAsync(requests, turn, lane);
                failingSince ??= isFirst ? default(DateTimeOffset?) : sentAt;
                if (isServed)
                {
                    _lastServed[lane] = sentAt;
                    NoteFailure(failingSince);
                    failingSince = null;
                }

                await pace.WaitForNextTickAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            NoteFailure(failingSince);
        }
    }

    /// <summary>Makes a request, and repeats it once where it was not served; a keyed send until its answer is final.</summary>
    private async Task<(bool IsServed, bool AtFirst)> ServeAsync(LoadRequests requests, int turn, int frontEnd)
    {
        var request = requests.Next(turn);
        if (await SendAsync(request, frontEnd) is not { } refusal)
        {
            return (true, true);
        }

        var began = TimeProvider.System.GetTimestamp();
        for (var repeat = 1; ; repeat++)
        {
            await Task.Delay(refusal.RetryAfter ?? TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            request = request.Kind == LoadKind.KeyedSend ? request : requests.Next(turn);
            if (await SendAsync(request, frontEnd + repeat) is not { } again)
            {
                return (true, false);
            }

            if (repeat == 1)
            {
                Interlocked.Increment(ref _uncured);
            }

            if (request.Kind != LoadKind.KeyedSend || TimeProvider.System.GetElapsedTime(began) > _keyedPatience)
            {
                return (false, false);
            }

            refusal = again;
        }
    }

    /// <summary>Null when it was acknowledged, or when a repeat would do harm.</summary>
    private async Task<Refusal?> SendAsync(LoadRequest request, int frontEnd)
    {
        var sentAt = TimeProvider.System.GetUtcNow();
        var began = TimeProvider.System.GetTimestamp();
        foreach (var call in request.Calls.Where(call => _calls.TryAdd(call.Mark, call)))
        {
            call.SentAt = sentAt;
        }

        Refusal refusal;
        try
        {
            using var patience = new CancellationTokenSource(request.Kind == LoadKind.Import ? _importPatience : _patience, TimeProvider.System);
            using var message = request.Make();
            message.RequestUri = new Uri(_frontEnds[frontEnd % _frontEnds.Count].Url, message.RequestUri!);
            using var answer = await _http.SendAsync(message, patience.Token);
            var body = await answer.Content.ReadAsStringAsync(patience.Token);
            var end = EndOf(request.Kind, answer.StatusCode, body);
            foreach (var call in request.Calls)
            {
                (call.AnsweredAt, call.End) = (TimeProvider.System.GetUtcNow(), end);
                call.Result = call.Kind is LoadKind.StoredSend or LoadKind.OrderedSend ? answer.Headers.Location : null;
            }

            if (end is CallEnd.Acknowledged or CallEnd.Unknown)
            {
                return null;
            }

            refusal = new Refusal(request.Kind, $"{(int)answer.StatusCode}", answer.Headers.RetryAfter?.Delta, TimeProvider.System.GetElapsedTime(began));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            refusal = new Refusal(request.Kind, exception is OperationCanceledException ? "no answer" : "no connection", null, TimeProvider.System.GetElapsedTime(began));
        }

        _refusals.Enqueue(refusal);
        return refusal;
    }

    private static CallEnd EndOf(LoadKind kind, HttpStatusCode status, string body) => status switch
    {
        HttpStatusCode.OK when kind == LoadKind.Import => IsImported(body) ? CallEnd.Acknowledged : CallEnd.Refused,
        HttpStatusCode.OK or HttpStatusCode.NoContent => CallEnd.Acknowledged,
        HttpStatusCode.FailedDependency => CallEnd.Unknown,
        _ => CallEnd.Refused,
    };

    private static bool IsImported(string answer)
    {
        using var summary = JsonDocument.Parse(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        return summary.RootElement.TryGetProperty("accepted", out var accepted) && accepted.GetInt32() == 1;
    }

    private void NoteFailure(DateTimeOffset? failingSince)
    {
        if (failingSince is { } since)
        {
            lock (_lock)
            {
                var lasted = TimeProvider.System.GetUtcNow() - since;
                _longestFailure = lasted > _longestFailure ? lasted : _longestFailure;
            }
        }
    }

    private async Task OperateAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        try
        {
            while (await pace.WaitForNextTickAsync(_stop.Token))
            {
                await TryReplayAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Replays each dead letter that was refused once. Returns how many may be left.</summary>
    private async Task<int> TryReplayAsync()
    {
        var left = 0;
        foreach (var frontEnd in _frontEnds)
        {
            try
            {
                left = 0;
                foreach (var (id, mark) in await ListDeadLettersAsync(frontEnd))
                {
                    if (_calls.TryGetValue(mark, out var call) && call.Kind == LoadKind.DeadLetter)
                    {
                        _replayed.TryAdd(mark, 0);
                        using var answer = await _admin.PostAsync(new Uri(frontEnd.Admin, $"/admin/workspaces/acme/dead-letters/{id}/replay"), null);
                        left += answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound ? 0 : 1;
                    }
                }

                return left;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
            {
                // The front-end, the owner or PostgreSQL is away.
                left++;
            }
        }

        return left;
    }

    /// <summary>Ids and marks; letters of another load have none that this load knows.</summary>
    private async Task<IReadOnlyList<(string Id, string Mark)>> ListDeadLettersAsync(ClusterProcess frontEnd)
    {
        using var page = JsonDocument.Parse(await _admin.GetStringAsync(new Uri(frontEnd.Admin, _deadLetters)));
        return [.. page.RootElement.GetProperty("deadLetters").EnumerateArray()
            .SelectMany(letter => Arrival.MarksIn(letter.GetRawText()).Select(mark => (letter.GetProperty("id").GetString()!, mark)))];
    }

    /// <summary>What the dispatcher says of each person with a call that waits, and of the workspace.</summary>
    private async Task<IReadOnlyList<string>> ExplainAsync()
    {
        List<string> explanations = [];
        foreach (var path in _calls.Values.SelectMany(call => call.People).Distinct().Select(person => $"/customers/id:{person}").Prepend(""))
        {
            try
            {
                var answer = await _admin.GetStringAsync(new Uri(Running.Admin, $"/admin/workspaces/acme{path}"));
                if (path.Length == 0 || !IsIdle(answer))
                {
                    explanations.Add(answer.ReplaceLineEndings(" "));
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                explanations.Add($"{path}: {exception.Message}");
            }
        }

        return explanations;
    }

    private static bool IsIdle(string customer)
    {
        using var answer = JsonDocument.Parse(customer);
        return answer.RootElement.TryGetProperty("queued", out var queued) && queued.GetInt64() == 0;
    }

    private async Task<Dictionary<string, string>> DeadLettersAsync()
    {
        Dictionary<string, string> letters = [];
        await Wait.UntilAsync("The list of dead letters", _settlePatience, async () =>
        {
            try
            {
                foreach (var (id, mark) in await ListDeadLettersAsync(Running))
                {
                    letters[mark] = id;
                }

                return true;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                return false;
            }
        });
        return letters;
    }

    private async Task<Dictionary<string, string>> StoredSendsAsync()
    {
        Dictionary<string, string> states = [];
        foreach (var call in _calls.Values.Where(call => call.Result is not null))
        {
            var last = "none";
            try
            {
                await Wait.UntilAsync($"The result of {call.Mark}", _settlePatience, async () =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Running.Url, call.Result!)) { Headers = { Authorization = new("Bearer", LoadRequests.AppApiKey) } };
                    using var patience = new CancellationTokenSource(_patience, TimeProvider.System);
                    using var answer = await _http.SendAsync(request, patience.Token);
                    var body = await answer.Content.ReadAsStringAsync();
                    last = $"{(int)answer.StatusCode} {body}";
                    if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotFound))
                    {
                        return false;
                    }

                    using var state = JsonDocument.Parse(body);
                    states[call.Mark] = answer.StatusCode == HttpStatusCode.OK ? state.RootElement.GetProperty("state").GetString()! : "absent";
                    return states[call.Mark] != "waiting";
                });
            }
            catch (TimeoutException exception)
            {
                throw new TimeoutException($"{exception.Message} {call.Result} was last answered {last}", exception);
            }
        }

        return states;
    }
}

/// <summary>What is known after a load has ended and all has been delivered.</summary>
/// <param name="DeadLetters">The dead letters' ids, by the marks of the calls in them.</param>
/// <param name="StoredSends">The states of stored sends, by their marks.</param>
public sealed record LoadResults(IReadOnlyDictionary<string, string> DeadLetters, IReadOnlyDictionary<string, string> StoredSends);
