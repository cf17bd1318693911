using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;

namespace CioOrleans.Testing.Fuzz;

/// <summary>What a session found.</summary>
/// <param name="Requests">Requests sent.</param>
/// <param name="Seed">Repeats them.</param>
/// <param name="Owed">Of them answered 2xx, so that Customer.io was owed something.</param>
/// <param name="Good">Calls of the good callers.</param>
/// <param name="Statuses">How many answers had which status.</param>
/// <param name="Violations">What must not be; empty where all is well.</param>
public sealed record FuzzResult(int Requests, int Seed, int Owed, int Good, IReadOnlyDictionary<int, int> Statuses, IReadOnlyList<string> Violations);

/// <summary>
/// Mutated requests against a real process with SQLite and a sandbox, with good callers beside them. Request n of a seed is always the same; only
/// their interleaving is not.
/// </summary>
public sealed partial class FuzzSession
{
    private const int Round = 5_000;
    private const int Workers = 24;

    /// <summary>The letters of a ULID.</summary>
    private const string Letters = "abcdefghjkmnpqrstvwxyz";

    /// <summary>How long the calls of one round may take to be delivered.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Dispatcher _dispatcher;
    private readonly SandboxServer _sandbox;
    private readonly int _seed;
    private readonly GoodCallers _good;
    private readonly List<string> _violations = [];
    private readonly SortedDictionary<int, int> _statuses = [];
    private readonly Dictionary<string, (FuzzRequest Request, int Status)> _answered = [];
    private readonly Lock _lock = new();
    private int _owed;
    private string? _deadLettersSeen;

    private FuzzSession(Dispatcher dispatcher, SandboxServer sandbox, int seed) =>
        (_dispatcher, _sandbox, _seed, _good) = (dispatcher, sandbox, seed, new GoodCallers(dispatcher.Http));

    /// <summary>Runs one to its end.</summary>
    /// <param name="requests">How many requests at least; one connection may carry up to four.</param>
    /// <param name="seed">Decides all of them.</param>
    /// <param name="say">Gets a line after each round.</param>
    /// <param name="processes">Gets the process id of the dispatcher once it is ready.</param>
    /// <param name="rest">Called behind the last round, before the dispatcher is stopped.</param>
    public static async Task<FuzzResult> RunAsync(int requests, int seed, Action<string>? say = null, Action<int>? processes = null, Func<Task>? rest = null)
    {
        using var data = new DataFolder();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", RecordRequests = 100_000 });
        await using var dispatcher = await Dispatcher.StartAsync(
            data,
            sandbox.Url,
            ("Dispatcher__Workspaces__spare__SiteId", "spare"), ("Dispatcher__Workspaces__spare__ApiKey", "spare"),
            ("Dispatcher__Api__AnonymousPaths", "true"), ("Dispatcher__Api__AnonymousRate", "100000/1s"),
            ("AppApiKey", "app"), ("PipelinesWriteKey", "write"), ("PipelinesUrl", sandbox.Url.ToString()), ("Limits__identify", "10000/1s"), ("Limits__batch", "10000/1s"),
            ("Limits__query", "10000/1s"), ("Limits__broadcast", "query"), ("Limits__pipelines", "10000/1s"), ("Limits__transactional-email", "10000/1s"), ("Limits__transactional-push", "10000/1s"),
            ("Batching__Linger", "10ms"));
        processes?.Invoke(dispatcher.Id);

        var session = new FuzzSession(dispatcher, sandbox, seed);
        for (var sent = 0; sent < requests && session._violations.Count < 20; sent += Round)
        {
            await session.RoundAsync(sent, Math.Min(Round, requests - sent));
            say?.Invoke($"{Math.Min(requests, sent + Round)} requests, {session._violations.Count} violations");
        }

        await (rest?.Invoke() ?? Task.CompletedTask);
        session.CheckLog();
        return new FuzzResult(requests, seed, session._owed, session._good.Accepted, session._statuses, session._violations);
    }

    private async Task RoundAsync(int first, int count)
    {
        using var stop = new CancellationTokenSource();
        var good = _good.RunAsync(stop.Token);
        var next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));
        await stop.CancelAsync();
        await good;
        await CheckAsync();

        async Task WorkAsync()
        {
            while (Interlocked.Increment(ref next) is var n && n < first + count)
            {
                var exchange = Draw(n);
                await exchange.RunAsync(exchange.Requests[0].IsAdmin ? _dispatcher.Admin : _dispatcher.Url);
                Judge(exchange, n);
            }
        }
    }

    /// <summary>The name of a request. Two letters depend on the number, so that a mutated marker is not the marker of another request.</summary>
    private static string Marker(int n, int request) => $"fz{n:0000000}{(char)('p' + request)}{Check(n)}z";

    private static string Check(int n)
    {
        var hash = unchecked((uint)n * 2_654_435_761u) >> 16;
        return $"{Letters[(int)(hash % Letters.Length)]}{Letters[(int)(hash / Letters.Length % Letters.Length)]}";
    }

    /// <summary>The exchange of a number: mostly one request, at times some on one connection.</summary>
    private Exchange Draw(int n)
    {
        var random = new Random(unchecked((_seed * 1_000_003) + n));
        List<FuzzRequest> requests = [];
        var wanted = random.Next(8) == 0 ? 2 + random.Next(3) : 1;
        while (requests.Count < wanted)
        {
            var request = Grammar.Draw(random, Marker(n, requests.Count));
            for (var mutations = random.Next(10) switch { 0 => 0, < 7 => 1, < 9 => 2, _ => 4 }; mutations > 0; mutations--)
            {
                Mutator.Mutate(request, random);
            }

            if (requests.Count == 0 || request.IsAdmin == requests[0].IsAdmin)
            {
                requests.Add(request);
            }
        }

        return new Exchange(requests);
    }

    private void Judge(Exchange exchange, int n)
    {
        lock (_lock)
        {
            foreach (var answer in exchange.Answers)
            {
                _statuses[answer.Status] = _statuses.GetValueOrDefault(answer.Status) + 1;
                var isDocumented = (answer.Status == 503 && answer.Head.Contains("\r\nRetry-After: ", StringComparison.OrdinalIgnoreCase))
                    || (answer.Status == 505 && exchange.Requests.Any(request => request.Version != "HTTP/1.1"));
                if (answer.Status is 0 or >= 500 && !isDocumented)
                {
                    Violate(n, exchange, $"answered {answer.Status}: {answer.Head}");
                }
            }

            if (exchange.Hung)
            {
                Violate(n, exchange, "neither answered nor closed in time");
            }

            // A client that ends its own direction may miss the answers to all of its requests.
            var isAnswered = !exchange.IsLoose;
            for (var i = 0; i < exchange.Requests.Count && isAnswered; i++)
            {
                var request = exchange.Requests[i];
                isAnswered = exchange.Requests[^1].Ending is Ending.Wait or Ending.Slow;
                if (isAnswered && i >= exchange.Answers.Count)
                {
                    // Behind a request line or a header that the server cannot read, the rest of the connection is lost.
                    isAnswered = i > 0 && exchange.Answers[i - 1].Status >= 400;
                    if (!isAnswered)
                    {
                        Violate(n, exchange, $"request {i} was not answered");
                    }

                    break;
                }

                if (isAnswered)
                {
                    _answered[request.Marker] = (request, exchange.Answers[i].Status);
                }
            }
        }
    }

    private void Violate(int n, Exchange exchange, string what) => _violations.Add($"#{n} {what}\n  {string.Join("\n  ", exchange.Requests)}\n  -> {string.Join(' ', exchange.Answers.Select(answer => answer.Status))}");

    /// <summary>Waits until all is delivered and compares: what was answered 2xx has arrived once or is a dead letter, what was refused has not.</summary>
    private async Task CheckAsync()
    {
        try
        {
            await _dispatcher.WaitUntilEmptyAsync().WaitAsync(_patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            var status = await _dispatcher.Http.GetStringAsync(new Uri("/admin/workspaces/acme", UriKind.Relative));
            _violations.Add($"calls still wait after {_patience}: {status}\n  {string.Join("\n  ", _sandbox.Requests.Where(request => request.Status is < 200 or >= 500).TakeLast(3).Select(Describe))}");
        }

        var arrivals = new Dictionary<string, int>();
        foreach (var request in _sandbox.Requests)
        {
            Count(arrivals, $"{request.RawTarget} {Text(request.Body, request.Headers)}");
        }

        await CountDeadLettersAsync(arrivals);
        foreach (var (marker, (request, status)) in _answered)
        {
            var times = arrivals.GetValueOrDefault(marker);
            if (status is 200 or 202 or 204 && request.IsOwed)
            {
                _owed++;
                if (times == 0)
                {
                    _violations.Add($"answered {status} and lost: {request}");
                }
            }
            else if (status is >= 400 and < 500 && request.IsStoredApi && times > 0)
            {
                _violations.Add($"answered {status} and yet delivered: {request}");
            }
        }

        _violations.AddRange(_good.Check(_sandbox));
        _answered.Clear();
        _sandbox.Reset();
    }

    private async Task CountDeadLettersAsync(Dictionary<string, int> arrivals)
    {
        string? next = null;
        do
        {
            _deadLettersSeen = next ?? _deadLettersSeen;
            var page = await _dispatcher.Http.GetFromJsonAsync<JsonElement>(
                new Uri($"/admin/workspaces/acme/dead-letters?limit=500{(_deadLettersSeen is null ? "" : $"&after={_deadLettersSeen}")}", UriKind.Relative));
            foreach (var letter in page.GetProperty("deadLetters").EnumerateArray())
            {
                Count(arrivals, letter.GetRawText());
                if (letter.TryGetProperty("bodyBase64", out var body))
                {
                    Count(arrivals, Encoding.Latin1.GetString(body.GetBytesFromBase64()));
                }
            }

            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
    }

    private void CheckLog()
    {
        _violations.AddRange(ErrorLines.In(_dispatcher.Output, except: ErrorLines.DrainedTrailer).Take(5).Select(line => $"in the log: {line[..Math.Min(line.Length, 2_000)]}"));
    }

    private static string Describe(RecordedRequest request) => $"{request.Method} {request.RawTarget} {Encoding.Latin1.GetString(request.Body.Span)} -> {request.Status}";

    private static void Count(Dictionary<string, int> arrivals, string text)
    {
        foreach (var marker in Markers().Matches(text).Select(match => match.Value).Distinct())
        {
            arrivals[marker] = arrivals.GetValueOrDefault(marker) + 1;
        }
    }

    /// <summary>A body as text, unpacked where it is packed.</summary>
    private static string Text(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers)
    {
        var encoding = headers.GetValueOrDefault("Content-Encoding", "");
        if (!encoding.Contains("gzip", StringComparison.OrdinalIgnoreCase) && !encoding.Equals("br", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.Latin1.GetString(body.Span);
        }

        try
        {
            using var packed = new MemoryStream(body.ToArray());
            using Stream stream = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            return Encoding.Latin1.GetString(body.Span);
        }
    }

    [GeneratedRegex("fz[0-9]{7}[p-s][a-z]{2}z")]
    private static partial Regex Markers();
}
