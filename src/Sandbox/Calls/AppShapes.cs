using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CioOrleans.Sandbox.Calls;

/// <summary>
/// The answers of the App API's documented requests, in the shape that the official Node SDK and Customer.io's reference name: lists are empty, an object
/// has the id of the path or the next free one, and the members of the request's body.
/// </summary>
internal static class AppShapes
{
    /// <summary>
    /// A request, with <c>*</c> for a segment that is an id, and the members of its answer: <c>a[]</c> is a list, <c>a{}</c> an object, <c>a#</c> a number,
    /// <c>a</c> a string. <c>{}</c> alone is the object itself, <c>[]</c> a list, and <c>-</c> a 204 without a body.
    /// </summary>
    private static readonly (string Request, string Answer)[] _table =
    [
        ("GET activities", "activities[] next"),
        ("GET assets", "assets[] meta{}"),
        ("POST assets/files", "asset{}"),
        ("GET assets/files/*", "asset{}"),
        ("PUT assets/files/*", "-"),
        ("DELETE assets/files/*", "-"),
        ("GET assets/folders", "folders[] meta{}"),
        ("POST assets/folders", "folder{}"),
        ("GET assets/folders/*", "folder{}"),
        ("PUT assets/folders/*", "-"),
        ("DELETE assets/folders/*", "-"),
        ("GET campaigns", "campaigns[]"),
        ("GET broadcasts", "broadcasts[]"),
        ("GET campaigns/*", "campaign{}"),
        ("GET broadcasts/*", "broadcast{}"),
        ("GET */*/actions", "actions[] next"),
        ("GET */*/actions/*", "action{}"),
        ("PUT */*/actions/*", "action{}"),
        ("GET */*/actions/*/language/*", "action{}"),
        ("PUT */*/actions/*/language/*", "action{}"),
        ("GET */*/actions/*/metrics", "metric{}"),
        ("GET */*/actions/*/metrics/links", "links[]"),
        ("GET campaigns/*/journey_metrics", "journey_metric{}"),
        ("GET campaigns/*/triggers/*", "{}"),
        ("GET campaigns/*/triggers/*/errors", "errors[] next"),
        ("GET broadcasts/*/triggers", "triggers[]"),
        ("GET */*/metrics", "metric{}"),
        ("GET */*/metrics/links", "links[]"),
        ("GET */*/messages", "messages[] next"),
        ("GET collections", "collections[]"),
        ("POST collections", "collection{}"),
        ("GET collections/*", "collection{}"),
        ("PUT collections/*", "collection{}"),
        ("DELETE collections/*", "-"),
        ("GET collections/*/content", "[]"),
        ("PUT collections/*/content", "collection{}"),
        ("POST customers", "identifiers[] ids[] next"),
        ("GET customers/*/activities", "activities[] next"),
        ("GET customers/*/relationships", "identifiers[] relationships[] next"),
        ("GET customers/*/segments", "segments[]"),
        ("GET customers/*/subscription_preferences", "customer{}"),
        ("POST data_index/*", "-"),
        ("GET design_studio/folders", "folders[] meta{}"),
        ("GET design_studio/emails", "emails[] folders[] meta{}"),
        ("GET design_studio/components", "components[] folders[] meta{}"),
        ("POST design_studio/folders", "folder{}"),
        ("POST design_studio/emails", "email{}"),
        ("POST design_studio/components", "component{}"),
        ("GET design_studio/folders/*", "folder{}"),
        ("GET design_studio/emails/*", "email{}"),
        ("GET design_studio/components/*", "component{}"),
        ("PUT design_studio/*/*", "-"),
        ("DELETE design_studio/*/*", "-"),
        ("GET design_studio/emails/*/languages", "email_translations[]"),
        ("POST design_studio/emails/*/languages", "email_translation{}"),
        ("GET design_studio/emails/*/languages/*", "email_translation{}"),
        ("PUT design_studio/emails/*/languages/*", "-"),
        ("DELETE design_studio/emails/*/languages/*", "-"),
        ("GET esp/search_suppression/*", "category suppressions[]"),
        ("GET esp/suppression/*", "category suppressions[]"),
        ("GET esp/domains/*/suppression/*", "category suppressions[] next"),
        ("POST esp/suppression/*/*", "-"),
        ("DELETE esp/suppression/*/*", "-"),
        ("GET exports", "exports[]"),
        ("POST exports/*", "export{}"),
        ("GET exports/*", "export{}"),
        ("GET exports/*/download", "url"),
        ("POST imports", "import{}"),
        ("GET imports/*", "import{}"),
        ("GET info/ip_addresses", "ip_addresses[]"),
        ("GET messages", "messages[] next"),
        ("GET messages/*", "message{}"),
        ("GET messages/*/archived_message", "archived_message{}"),
        ("GET newsletters", "newsletters[] next"),
        ("POST newsletters", "newsletter{}"),
        ("GET newsletters/*", "newsletter{}"),
        ("DELETE newsletters/*", "-"),
        ("POST newsletters/*/send", "newsletter{}"),
        ("POST newsletters/*/schedule", "newsletter{}"),
        ("GET newsletters/*/contents", "contents[]"),
        ("GET newsletters/*/contents/*", "content{}"),
        ("PUT newsletters/*/contents/*", "content{}"),
        ("GET newsletters/*/contents/*/metrics", "metric{}"),
        ("GET newsletters/*/contents/*/metrics/links", "links[]"),
        ("POST newsletters/*/language", "content{}"),
        ("GET newsletters/*/language/*", "content{}"),
        ("PUT newsletters/*/language/*", "content{}"),
        ("DELETE newsletters/*/language/*", "-"),
        ("GET newsletters/*/test_groups", "test_groups[]"),
        ("POST newsletters/*/test_groups", "newsletter{}"),
        ("POST newsletters/*/test_group/*/language", "content{}"),
        ("GET newsletters/*/test_group/*/language/*", "content{}"),
        ("PUT newsletters/*/test_group/*/language/*", "content{}"),
        ("DELETE newsletters/*/test_group/*/language/*", "-"),
        ("GET object_types", "types[]"),
        ("POST objects", "identifiers[] ids[] next"),
        ("GET objects/*/*/attributes", "object{}"),
        ("GET objects/*/*/relationships", "relationships[] next"),
        ("GET reporting_webhooks", "reporting_webhooks[]"),
        ("POST reporting_webhooks", "{}"),
        ("GET reporting_webhooks/*", "{}"),
        ("PUT reporting_webhooks/*", "{}"),
        ("DELETE reporting_webhooks/*", "-"),
        ("GET segments", "segments[]"),
        ("POST segments", "segment{}"),
        ("GET segments/*", "segment{}"),
        ("DELETE segments/*", "-"),
        ("GET segments/*/customer_count", "count#"),
        ("GET segments/*/membership", "ids[] identifiers[] next"),
        ("GET segments/*/used_by", "used_by{}"),
        ("GET sender_identities", "sender_identities[] next"),
        ("GET sender_identities/*", "sender_identity{}"),
        ("GET sender_identities/*/used_by", "campaigns[] sent_newsletters[] draft_newsletters[]"),
        ("GET snippets", "snippets[]"),
        ("POST snippets", "snippet{}"),
        ("PUT snippets", "snippet{}"),
        ("DELETE snippets/*", "-"),
        ("GET subscription_center/*/token", "token"),
        ("GET subscription_channels", "channels[]"),
        ("GET subscription_topics", "topics[]"),
        ("GET transactional", "messages[]"),
        ("GET transactional/*", "message{}"),
        ("GET transactional/*/contents", "contents[]"),
        ("GET transactional/*/language/*", "content{}"),
        ("PUT transactional/*/language/*", "content{}"),
        ("PUT transactional/*/content/*", "content{}"),
        ("GET workspaces", "workspaces[]"),
    ];

    private static readonly Dictionary<(string Method, int Segments), (string[] Path, string Answer)[]> _shapes = _table
        .Select(row => (Words: row.Request.Split(' '), row.Answer))
        .Select(row => (Method: row.Words[0], Path: row.Words[1].Split('/'), row.Answer))
        .GroupBy(row => (row.Method, row.Path.Length), row => (row.Path, row.Answer))
        .ToDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The answer; null if the request is not in the table.</summary>
    /// <param name="method">The method of the request.</param>
    /// <param name="path">The decoded segments of its path, behind <c>v1</c>.</param>
    /// <param name="body">Its body, if it is JSON.</param>
    /// <param name="nextId">Makes the id of an object that the path does not name.</param>
    public static Answer? Of(string method, string[] path, JsonElement? body, Func<long> nextId)
    {
        if (!_shapes.TryGetValue((method, path.Length), out var shapes)
            || shapes.FirstOrDefault(shape => shape.Path.Zip(path).All(pair => pair.First == "*" || pair.First == pair.Second)) is not { Answer: { } answer } found)
        {
            return null;
        }

        var place = Array.LastIndexOf(found.Path, "*");
        JsonNode Id() => place < 0 || method == "POST" ? nextId()
            : long.TryParse(path[place], CultureInfo.InvariantCulture, out var number) ? number
            : path[place];
        return answer switch
        {
            "-" => Answer.NoContent,
            "[]" => Json(new JsonArray()),
            "{}" => Json(Object(Id(), body)),
            _ => Json(new JsonObject(answer.Split(' ').Select(member => Member(member, Id, body)))),
        };
    }

    public static Answer Json(JsonNode body) => new(200, JsonSerializer.SerializeToUtf8Bytes(body));

    private static KeyValuePair<string, JsonNode?> Member(string member, Func<JsonNode> id, JsonElement? body) =>
        member.EndsWith("[]", StringComparison.Ordinal) ? new(member[..^2], new JsonArray())
        : member.EndsWith('#') ? new(member[..^1], 0)
        : member.EndsWith("{}", StringComparison.Ordinal) ? new(member[..^2], Object(id(), body is { ValueKind: JsonValueKind.Object } whole && whole.TryGetProperty(member[..^2], out var inner) ? inner : body))
        : new(member, string.Empty);

    private static JsonObject Object(JsonNode id, JsonElement? body)
    {
        var made = new JsonObject { ["id"] = id };
        if (body is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (var member in members.EnumerateObject().Where(member => member.Name != "id"))
            {
                made[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }

        return made;
    }
}
