namespace CioOrleans.EndToEnd.Wire;

/// <summary>One kind of request that leads to Customer.io.</summary>
/// <param name="Credentials">Its header of credentials, and what else makes it this kind.</param>
/// <param name="Line">Method and target; what is stored and what is forwarded arrives with the same.</param>
/// <param name="Body">A valid body.</param>
internal sealed record Road(string Credentials, string Line, string Body)
{
    public const string Track = "Authorization: Basic c2l0ZTprZXk=";
    public const string App = "Authorization: Bearer app";
    public const string Pipelines = "Authorization: Basic d3JpdGU6";

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<Road> All { get; } =
    [
        new(Track, "PUT /api/v1/customers/1", "{}"),
        new(Track, "POST /api/v1/customers/1/events", """{"name":"e"}"""),
        new(Track, "POST /api/v1/merge_customers", """{"primary":{"id":"m1"},"secondary":{"id":"m2"}}"""),
        new(Track, "POST /api/v2/entity", Operation("2")),
        new(Track, "POST /api/v2/batch", $$"""{"batch":[{{Operation("3")}},{{Operation("4")}}]}"""),
        new(Pipelines, "POST /v1/identify", """{"userId":"5","traits":{}}"""),
        new(Pipelines, "POST /v1/batch", """{"batch":[{"type":"identify","userId":"6"},{"type":"identify","userId":"7"}]}"""),
        new(App, "POST /v1/send/email", """{"identifiers":{"id":"8"}}"""),
        new($"{App}\r\nPrefer: respond-async", "POST /v1/send/push", """{"identifiers":{"id":"9"}}"""),
        new(App, "POST /v1/campaigns/1/triggers", "{}"),
        new(App, "GET /v1/campaigns?limit=1", ""),
        new(App, "PUT /v1/campaigns/x%2Fy", "{}"),
        new(Track, "GET /api/v1/accounts/region", ""),
    ];

    /// <summary>An operation of Track v2.</summary>
    public static string Operation(string id) =>
        $$$"""{"type":"person","identifiers":{"id":"{{{id}}}"},"action":"identify","attributes":{}}""";
}
