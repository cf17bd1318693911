namespace CioOrleans.Testing.Fuzz;

/// <summary>Valid requests to every endpoint.</summary>
public static class Grammar
{
    private const string Track = "Authorization: Basic c2l0ZTprZXk=";
    private const string App = "Authorization: Bearer app";
    private const string Pipelines = "Authorization: Basic d3JpdGU6";

    private static readonly Func<Random, string, FuzzRequest>[] _shapes =
    [
        (_, m) => New(m, "PUT", $"/api/v1/customers/{m}", Track, $$"""{"email":"{{m}}@example.com","plan":"pro","created_at":1700000000}"""),
        (_, m) => New(m, "POST", $"/api/v1/customers/{m}/events", Track, """{"name":"purchase","data":{"price":23.45,"tags":["a","b"]}}"""),
        (_, m) => New(m, "POST", $"/api/v1/customers/{m}/events", Track, """{"name":"/a","type":"page","id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","timestamp":1700000000}""".Replace("01ARZ3NDEKTSV4RRFFQ69G5FAV", Ulid(m), StringComparison.Ordinal)),
        (_, m) => New(m, "DELETE", $"/api/v1/customers/{m}", Track),
        (_, m) => New(m, "PUT", $"/api/v1/customers/{m}/devices", Track, """{"device":{"id":"d1","platform":"ios","last_used":1700000000}}"""),
        (_, m) => New(m, "DELETE", $"/api/v1/customers/{m}/devices/d1", Track),
        (r, m) => New(m, "POST", $"/api/v1/customers/{m}/{(r.Next(2) == 0 ? "suppress" : "unsuppress")}", Track),
        (_, m) => New(m, "POST", "/api/v1/events", Track, $$$"""{"name":"seen","anonymous_id":"{{{m}}}","data":{}}"""),
        (_, m) => New(m, "POST", "/api/v1/merge_customers", Track, $$$"""{"primary":{"id":"{{{m}}}"},"secondary":{"email":"{{{m}}}@example.com"}}"""),
        (_, m) => New(m, "POST", $"/api/v1/forms/{m}/submit", Track, """{"data":{"email":"a@example.com"}}"""),
        (r, m) => New(m, "POST", $"/api/v1/segments/{1 + r.Next(3)}/{(r.Next(2) == 0 ? "add" : "remove")}_customers?id_type=id", Track, $$"""{"ids":["{{m}}"]}"""),
        (r, m) => New(m, "POST", "/api/v1/metrics", r.Next(2) == 0 ? Track : "X-None: 1", $$"""{"delivery_id":"{{m}}","metric":"opened","timestamp":1700000000}"""),
        (r, m) => New(m, "POST", r.Next(2) == 0 ? "/api/v1/push/events" : "/push/events", r.Next(2) == 0 ? Track : "X-None: 1", $$"""{"delivery_id":"{{m}}","event":"opened","device_id":"d","timestamp":1700000000}"""),
        (r, m) => New(m, "POST", $"/unsubscribe/{m}", r.Next(2) == 0 ? Track : "X-None: 1", """{"unsubscribe":true}"""),
        (_, m) => New(m, "GET", $"/api/v1/accounts/region?m={m}", Track),
        (_, m) => New(m, "POST", "/api/v2/entity", Track, Operation(m)),
        (_, m) => New(m, "POST", "/api/v2/entity", Track, $$$"""{"type":"person","identifiers":{"id":"{{{m}}}"},"action":"event","name":"bought","attributes":{"n":1}}"""),
        (_, m) => New(m, "POST", "/api/v2/entity", Track, $$$"""{"type":"object","identifiers":{"object_type_id":"1","object_id":"{{{m}}}"},"action":"identify","attributes":{},"cio_relationships":[{"identifiers":{"id":"{{{m}}}"}}]}"""),
        (r, m) => New(m, "POST", "/api/v2/batch", Track, $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, 1 + r.Next(8)).Select(i => Operation($"{m}{(char)('a' + i)}")))}}]}"""),
        (r, m) => ToPipelines(r, m, "/v1/identify", $$$"""{"userId":"{{{m}}}","traits":{"plan":"pro"}}"""),
        (r, m) => ToPipelines(r, m, "/v1/track", $$$"""{"userId":"{{{m}}}","event":"bought","properties":{"n":1},"context":{"ip":"::1"}}"""),
        (r, m) => ToPipelines(r, m, $"/v1/{(r.Next(2) == 0 ? "page" : "screen")}", $$"""{"anonymousId":"{{m}}","name":"home"}"""),
        (r, m) => ToPipelines(r, m, "/v1/group", $$$"""{"userId":"{{{m}}}","groupId":"g","traits":{}}"""),
        (r, m) => ToPipelines(r, m, "/v1/alias", $$"""{"userId":"{{m}}","previousId":"{{m}}p"}"""),
        (r, m) => ToPipelines(r, m, "/v1/batch", $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, 1 + r.Next(5)).Select(i => $$"""{"type":"identify","userId":"{{m}}{{(char)('a' + i)}}"}"""))}}]}"""),
        (r, m) => New(m, "POST", $"/v1/send/{Kind(r)}", App, Message(m)),
        (r, m) => New(m, "POST", $"/v1/send/{Kind(r)}", App, Message(m), "Prefer: respond-async"),
        (r, m) => New(m, "POST", $"/v1/send/{Kind(r)}", App, Message(m), "Prefer: respond-async, wait=1", "X-Dispatch-After: customer"),
        (r, m) => New(m, "POST", $"/v1/send/{Kind(r)}", App, Message(m), $"Idempotency-Key: {m}"),
        (r, m) => New(m, "POST", $"/v1/campaigns/{1 + r.Next(3)}/triggers", App, $$$"""{"data":{"m":"{{{m}}}"},"ids":["1"]}""", r.Next(2) == 0 ? "Prefer: respond-async" : "X-None: 1"),
        (_, m) => New(m, "GET", $"/v1/campaigns?limit=1&m={m}", App),
        (_, m) => New(m, "PUT", $"/v1/collections/{m}%2Fx", App, "{}"),
        (_, m) => New(m, "GET", $"/dispatch/sends/{Guid.Empty}?m={m}", App),
        (r, m) => New(m, "POST", $"/bulk/identify?rows={1 + r.Next(3)}", Track, $$$"""{"id":"{{{m}}}a","attributes":{"plan":"pro"}}{{{"\n"}}}{"email":"{{{m}}}b@example.com","event":{"name":"imported"}}{{{"\n"}}}"""),
        (_, m) => New(m, "GET", "/health/live", "X-None: 1"),
        (_, m) => New(m, "GET", "/health/ready", "X-None: 1"),
        (_, m) => New(m, "GET", "/admin/workspaces", "X-None: 1"),
        (_, m) => New(m, "GET", $"/{m}", "X-None: 1"),
        (r, m) => Admin(m, "GET", r, "workspaces", "workspaces/spare", "audit?limit=5", "cluster", "workspaces/spare/dead-letters?limit=3", $"workspaces/spare/customers/{m}", $"workspaces/acme/customers/{m}", $"workspaces/spare/calls/{Guid.Empty}", $"workspaces/spare/imports/{Guid.Empty}", $"audit?from=2026-01-01&action=pause&after=1"),
        (r, m) => Admin(m, "POST", r, "workspaces/spare/pause", "workspaces/spare/resume", $"workspaces/spare/dead-letters/{Guid.Empty}/replay", $"cluster/{m}/drain"),
        (r, m) => Admin(m, "DELETE", r, $"workspaces/spare/dead-letters/{Guid.Empty}", $"workspaces/spare/calls/{Guid.Empty}", $"workspaces/spare/calls?customer={m}", $"workspaces/spare/customers/{m}/calls"),
        (_, m) => new FuzzRequest { Marker = m, Method = "GET", Target = "/metrics", Headers = ["Host: 127.0.0.1"], IsAdmin = true },
    ];

    public static FuzzRequest Draw(Random random, string marker) => _shapes[random.Next(_shapes.Length)](random, marker);

    private static string Operation(string id) => $$$"""{"type":"person","identifiers":{"id":"{{{id}}}"},"action":"identify","attributes":{"plan":"pro"}}""";

    private static string Message(string marker) => $$$"""{"transactional_message_id":"1","to":"a@example.com","identifiers":{"id":"{{{marker}}}"},"message_data":{"m":"{{{marker}}}"}}""";

    private static string Kind(Random random) => ((string[])["email", "push", "sms", "in_app", "inbox_message"])[random.Next(5)];

    /// <summary>An event id in ULID's form that no other request has.</summary>
    private static string Ulid(string marker) => marker.ToUpperInvariant().Replace("FZ", "", StringComparison.Ordinal).TrimEnd('Z').PadLeft(26, '0');

    private static FuzzRequest New(string marker, string method, string target, string credentials, string body = "", params string[] more) => new()
    {
        Marker = marker,
        Method = method,
        Target = target,
        Headers = ["Host: 127.0.0.1", credentials, "User-Agent: an SDK", "Content-Type: application/json", .. more],
        Body = body,
    };

    /// <summary>Most in strict mode. Without it an invalid call is answered 200 and not accepted.</summary>
    private static FuzzRequest ToPipelines(Random random, string marker, string target, string body) => new()
    {
        Marker = marker,
        Method = "POST",
        Target = target,
        Headers = ["Host: 127.0.0.1", Pipelines, "User-Agent: an SDK", "Content-Type: application/json", random.Next(4) == 0 ? "X-None: 1" : FuzzRequest.StrictMode],
        Body = body,
        IsPipelines = true,
    };

    private static FuzzRequest Admin(string marker, string method, Random random, params string[] paths) => new()
    {
        Marker = marker,
        Method = method,
        Target = $"/admin/{paths[random.Next(paths.Length)]}",
        Headers = ["Host: 127.0.0.1", "Content-Type: application/json"],
        Body = method == "POST" && random.Next(2) == 0 ? """{"reason":"maintenance"}""" : "",
        IsAdmin = true,
    };
}
