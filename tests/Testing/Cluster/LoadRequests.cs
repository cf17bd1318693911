using System.Net.Http.Headers;
using System.Text;

namespace CioOrleans.Testing.Cluster;

/// <summary>Makes the requests of one lane: every kind of call for the same two people, in turn.</summary>
/// <param name="run">Tells the marks of one load from those of another.</param>
/// <param name="lane">The lane's number.</param>
public sealed class LoadRequests(string run, int lane)
{
    /// <summary>Customer.io's credentials in all tests.</summary>
    public const string SiteId = "site", ApiKey = "key", AppApiKey = "app", WriteKey = "write";

    /// <summary>The text in an event that the sandbox refuses when it first arrives.</summary>
    public const string RefuseFirst = "refused when it first comes";

    /// <summary>How often in a round each kind comes; neighbours are of different roads.</summary>
    private static readonly LoadKind[] _round =
    [
        LoadKind.Event, LoadKind.Batch, LoadKind.OrderedSend, LoadKind.Identify, LoadKind.Operation, LoadKind.Merge, LoadKind.Pipelines, LoadKind.KeyedSend,
        LoadKind.Event, LoadKind.Import, LoadKind.Delete, LoadKind.ForwardedSend, LoadKind.DeadLetter, LoadKind.PipelinesBatch, LoadKind.StoredSend, LoadKind.Query,
    ];

    private static readonly AuthenticationHeaderValue _track = Basic($"{SiteId}:{ApiKey}");
    private static readonly AuthenticationHeaderValue _pipelines = Basic($"{WriteKey}:");
    private static readonly AuthenticationHeaderValue _app = new("Bearer", AppApiKey);

    private readonly string _ann = $"{run}-{lane}-ann";
    private readonly string _bob = $"{run}-{lane}-bob";
    private int _seq;

    /// <summary>How many requests a round has.</summary>
    public static int Round => _round.Length;

    /// <summary>The request of a turn, with calls that were never made before.</summary>
    public LoadRequest Next(int turn) => _round[turn % _round.Length] switch
    {
        LoadKind.Event => One(LoadKind.Event, Either(turn), (call, person) => Track(HttpMethod.Post, $"/api/v1/customers/{person}/events", $$$"""{"name":"purchase","data":{"mark":"{{{call.Mark}}}"}}""")),
        LoadKind.Identify => One(LoadKind.Identify, Either(turn), (call, person) => Track(HttpMethod.Put, $"/api/v1/customers/{person}", $$"""{"mark":"{{call.Mark}}"}""")),
        LoadKind.Delete => One(LoadKind.Delete, Either(turn), (call, person) => new HttpRequestMessage(
            HttpMethod.Delete, turn / Round % 2 == 0 ? $"/api/v1/customers/{person}?{call.Mark}" : $"/api/v1/customers/{person}/devices/{call.Mark}") { Headers = { Authorization = _track } }),
        LoadKind.Operation => One(LoadKind.Operation, Either(turn), (call, person) => Track(HttpMethod.Post, "/api/v2/entity", Operation(call.Mark, person))),
        LoadKind.Batch => Three(LoadKind.Batch, items => Track(HttpMethod.Post, "/api/v2/batch", items), Operation),
        LoadKind.Merge => Merge(),
        LoadKind.Pipelines => One(LoadKind.Pipelines, Either(turn), (call, person) => Pipelines("/v1/track", Item(call.Mark, person))),
        LoadKind.PipelinesBatch => Three(LoadKind.PipelinesBatch, items => Pipelines("/v1/batch", items), Item),
        LoadKind.Import => One(LoadKind.Import, Either(turn), (call, person) => Track(HttpMethod.Post, "/bulk/identify", $$$"""{"id":"{{{person}}}","attributes":{"mark":"{{{call.Mark}}}"}}""")),
        LoadKind.DeadLetter => One(LoadKind.DeadLetter, Either(turn), (call, person) => Track(
            HttpMethod.Post, $"/api/v1/customers/{person}/events", $$$"""{"name":"{{{RefuseFirst}}}","data":{"mark":"{{{call.Mark}}}"}}""")),
        LoadKind.StoredSend => Send(LoadKind.StoredSend, null, ("Prefer", "respond-async")),
        LoadKind.OrderedSend => Send(LoadKind.OrderedSend, Either(turn), ("Prefer", "respond-async"), ("X-Dispatch-After", "customer")),
        LoadKind.KeyedSend => turn / Round % 2 == 0
            ? Send(LoadKind.KeyedSend, null, ("Idempotency-Key", $"key {run} {lane} {turn}"))
            : Send(LoadKind.KeyedSend, Either(turn), ("Idempotency-Key", $"key {run} {lane} {turn}"), ("X-Dispatch-After", "customer")),
        LoadKind.ForwardedSend => Send(LoadKind.ForwardedSend, null),
        _ => Query(turn),
    };

    private static AuthenticationHeaderValue Basic(string credentials) => new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(credentials)));

    private static HttpRequestMessage Track(HttpMethod method, string target, string body) => Json(method, target, _track, body);

    private static HttpRequestMessage Pipelines(string target, string body) => Json(HttpMethod.Post, target, _pipelines, body);

    private static HttpRequestMessage Json(HttpMethod method, string target, AuthenticationHeaderValue credentials, string body) =>
        new(method, target) { Headers = { Authorization = credentials }, Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static string Operation(string mark, string person) =>
        $$$"""{"type":"person","identifiers":{"id":"{{{person}}}"},"action":"event","name":"purchase","attributes":{"mark":"{{{mark}}}"}}""";

    private static string Item(string mark, string person) => $$$"""{"type":"track","userId":"{{{person}}}","event":"purchase","properties":{"mark":"{{{mark}}}"}}""";

    private string Either(int turn) => (turn + (turn / Round)) % 2 == 0 ? _ann : _bob;

    private Call NewCall(LoadKind kind, params IReadOnlyList<string> people)
    {
        var seq = ++_seq;
        return new Call($"mark-{run}-{lane}-{seq}", seq, kind, people, seq);
    }

    private LoadRequest One(LoadKind kind, string person, Func<Call, string, HttpRequestMessage> make)
    {
        var call = NewCall(kind, person);
        return new LoadRequest([call], () => make(call, person));
    }

    /// <summary>Two calls of one person, with one of the other's between them.</summary>
    private LoadRequest Three(LoadKind kind, Func<string, HttpRequestMessage> make, Func<string, string, string> item)
    {
        string[] people = [_ann, _bob, _ann];
        Call[] calls = [.. people.Select(person => NewCall(kind, person))];
        if (kind == LoadKind.PipelinesBatch)
        {
            calls = [.. calls.Select(call => call with { Unit = calls[0].Unit })];
        }

        var items = string.Join(",", calls.Select(call => item(call.Mark, call.People[0])));
        return new LoadRequest(calls, () => make($$"""{"batch":[{{items}}]}"""));
    }

    private LoadRequest Merge()
    {
        var call = NewCall(LoadKind.Merge, _ann, _bob);
        return new LoadRequest([call], () => Track(
            HttpMethod.Post, "/api/v1/merge_customers", $$$"""{"primary":{"id":"{{{_ann}}}"},"secondary":{"id":"{{{_bob}}}"},"mark":"{{{call.Mark}}}"}"""));
    }

    private LoadRequest Send(LoadKind kind, string? person, params IReadOnlyList<(string Name, string Value)> headers)
    {
        var call = person is null ? NewCall(kind) : NewCall(kind, person);
        return new LoadRequest([call], () =>
        {
            var request = Json(HttpMethod.Post, "/v1/send/email", _app, $$$"""{"identifiers":{"id":"{{{person ?? _ann}}}"},"message_data":{"seq":"{{{call.Mark}}}"}}""");
            foreach (var (name, value) in headers)
            {
                request.Headers.Add(name, value);
            }

            return request;
        });
    }

    /// <summary>Of the App API and of the Track API in turn.</summary>
    private LoadRequest Query(int turn)
    {
        var call = NewCall(LoadKind.Query);
        var (target, credentials) = turn / Round % 2 == 0 ? ("/v1/segments", _app) : ("/api/v1/accounts/region", _track);
        return new LoadRequest([call], () => new HttpRequestMessage(HttpMethod.Get, $"{target}?{call.Mark}") { Headers = { Authorization = credentials } });
    }
}

/// <summary>A request of a <see cref="Load"/>, with the calls that it carries.</summary>
public sealed record LoadRequest(IReadOnlyList<Call> Calls, Func<HttpRequestMessage> Make)
{
    public LoadKind Kind => Calls[0].Kind;
}
