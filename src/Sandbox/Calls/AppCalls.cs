using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Sandbox.Calls;

/// <summary>Processes a request of the App API: counts the messages that are sent, and answers like Customer.io.</summary>
internal sealed class AppCalls(Ledger ledger, Profiles profiles, TimeProvider timeProvider)
{
    private long _last;

    /// <param name="route">The operation.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="rawTarget">Its target, as it was sent.</param>
    /// <param name="isJson">Whether its body is JSON; an upload's is not.</param>
    /// <param name="body">Its body.</param>
    public Answer Process(in TrackRoute route, string method, string rawTarget, bool isJson, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = body.IsEmpty || !isJson ? null : JsonDocument.Parse(body);
            return route.Endpoint switch
            {
                Endpoint.Send => Send(document?.RootElement),
                Endpoint.BroadcastTrigger => Trigger(document?.RootElement),
                Endpoint.Job => Start(method, rawTarget, document?.RootElement),
                _ => Query(method, rawTarget, document?.RootElement),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name or a string with half of a surrogate pair.
            return route.Endpoint is Endpoint.AppQuery or Endpoint.Job ? AppAnswer.Error(400, "malformed JSON") : AppAnswer.MetaError(400, "malformed JSON");
        }
    }

    /// <summary>Completes once the person is known whose attributes are asked for, and after <paramref name="limit"/> at the latest.</summary>
    public Task SettleAsync(string method, string rawTarget, TimeSpan limit, CancellationToken cancellationToken) =>
        (method, Router.Segments(rawTarget)) is ("GET", ["customers", var person, "attributes"]) ? profiles.WaitForAsync(person, limit, cancellationToken) : Task.CompletedTask;

    private Answer Send(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } message || !message.TryGetProperty("identifiers", out _))
        {
            return AppAnswer.MetaError(400, "identifiers are required");
        }

        ledger.RecordSend(SeqIn(message, "message_data"));
        return new Answer(200, JsonSerializer.SerializeToUtf8Bytes(new
        {
            delivery_id = "dlv-" + NextId().ToString(CultureInfo.InvariantCulture),
            queued_at = timeProvider.GetUtcNow().ToUnixTimeSeconds(),
        }));
    }

    /// <summary>Counts as sent. Its key is the member <c>seq</c> of its body, or of the first object in its body that has one.</summary>
    private Answer Start(string method, string rawTarget, JsonElement? body)
    {
        ledger.RecordSend(body is { ValueKind: JsonValueKind.Object } job
            ? job.TryGetProperty("seq", out var seq) ? seq.ToString() : job.EnumerateObject().Select(member => SeqIn(job, member.Name)).FirstOrDefault(found => found is not null)
            : null);
        return Query(method, rawTarget, body);
    }

    private Answer Trigger(JsonElement? body)
    {
        ledger.RecordSend(body is { ValueKind: JsonValueKind.Object } trigger ? SeqIn(trigger, "data") : null);
        return new Answer(200, JsonSerializer.SerializeToUtf8Bytes(new { id = NextId() }));
    }

    private Answer Query(string method, string rawTarget, JsonElement? body) => (method, Router.Segments(rawTarget)) switch
    {
        ("GET", ["customers"]) => AppShapes.Json(new JsonObject { ["results"] = Found(QueryValue(rawTarget, "email"), Identifiers) }),
        ("POST", ["customers", "attributes"]) => AppShapes.Json(new JsonObject { ["customers"] = new JsonArray([.. Ids(body).SelectMany(id => Found(id, Customer).ToArray()).Select(one => one!.DeepClone())]) }),
        ("GET", ["customers", var person, "attributes"]) => profiles.Find(person) is { } known ? AppShapes.Json(new JsonObject { ["customer"] = Customer(known.Id, known.Attributes) }) : AppAnswer.Error(404, "not found"),
        var (_, path) => AppShapes.Of(method, path, body, NextId) ?? new Answer(200, JsonSerializer.SerializeToUtf8Bytes(new { method, received = body })),
    };

    private long NextId() => Interlocked.Increment(ref _last);

    private JsonArray Found(string? person, Func<string, JsonObject, JsonObject> describe) =>
        person is not null && profiles.Find(person) is { } known ? [describe(known.Id, known.Attributes)] : [];

    private static IEnumerable<string> Ids(JsonElement? body) =>
        body is { ValueKind: JsonValueKind.Object } request && request.TryGetProperty("ids", out var ids) && ids.ValueKind == JsonValueKind.Array
            ? ids.EnumerateArray().Select(id => id.ToString())
            : [];

    private static JsonObject Identifiers(string id, JsonObject attributes) => new() { ["id"] = id, ["email"] = attributes["email"]?.DeepClone(), ["cio_id"] = "cio_" + id };

    private static JsonObject Customer(string id, JsonObject attributes) => new()
    {
        ["id"] = id,
        ["identifiers"] = Identifiers(id, attributes),
        ["attributes"] = attributes,
        ["timestamps"] = new JsonObject(),
        ["unsubscribed"] = false,
        ["devices"] = new JsonArray(),
    };

    private static string? QueryValue(string rawTarget, string name)
    {
        var start = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var found = start < 0 ? null : rawTarget[(start + 1)..].Split('&').FirstOrDefault(pair => pair.StartsWith(name + "=", StringComparison.Ordinal));
        return found is null ? null : Uri.UnescapeDataString(found[(name.Length + 1)..]);
    }

    private static string? SeqIn(JsonElement body, string member) =>
        body.TryGetProperty(member, out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("seq", out var seq) ? seq.ToString() : null;
}
