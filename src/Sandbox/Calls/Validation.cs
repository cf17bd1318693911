using System.Text;
using System.Text.Json;

namespace CioOrleans.Sandbox.Calls;

/// <summary>The checks of v1 that Customer.io answers with 400. The wording is ours, because Customer.io documents only the form.</summary>
internal static class Validation
{
    private const int MaxIdBytes = 150;
    private const int MaxEventNameBytes = 100;
    private const int MaxDataBytes = 100_000;
    private static readonly string[] _mergeSides = ["primary", "secondary"];
    private static readonly string[] _personIdentifiers = ["id", "email", "cio_id"];

    /// <summary>Why the call is refused; null if it is valid.</summary>
    public static string? Refusal(in TrackRoute route, in BodyFacts facts, ReadOnlyMemory<byte> body) =>
        facts.Shape == BodyShape.Malformed ? "malformed JSON"
        : route.Subject is { } subject && Encoding.UTF8.GetByteCount(subject) > MaxIdBytes ? $"identifier is longer than {MaxIdBytes} bytes"
        : route.Endpoint switch
        {
            Endpoint.Identify or Endpoint.Unsubscribe => facts.Shape == BodyShape.Other ? "body must be an object" : null,
            Endpoint.Event or Endpoint.AnonymousEvent => EventRefusal(facts),
            Endpoint.AddDevice => Inspect(facts, body, DeviceRefusal),
            Endpoint.Form => Inspect(facts, body, root => HasObject(root, "data") ? null : "data is required"),
            Endpoint.Merge => Inspect(facts, body, MergeRefusal),
            Endpoint.AddToSegment or Endpoint.RemoveFromSegment => Inspect(facts, body, SegmentRefusal),
            _ => null,
        };

    private static string? EventRefusal(in BodyFacts facts) =>
        facts.Shape != BodyShape.Object ? "body must be an object"
        : facts.NameLength == 0 ? "name is required"
        : facts.NameLength > MaxEventNameBytes && !facts.IsView ? $"name is longer than {MaxEventNameBytes} bytes"
        : facts.DataLength > MaxDataBytes ? $"data is longer than {MaxDataBytes} bytes"
        : null;

    private static string? Inspect(in BodyFacts facts, ReadOnlyMemory<byte> body, Func<JsonElement, string?> refusal)
    {
        if (facts.Shape != BodyShape.Object)
        {
            return "body must be an object";
        }

        using var document = JsonDocument.Parse(body);
        return refusal(document.RootElement);
    }

    private static string? DeviceRefusal(JsonElement root) =>
        !HasObject(root, "device") ? "device is required"
        : !HasText(root.GetProperty("device"), "id") ? "device.id is required"
        : !HasText(root.GetProperty("device"), "platform") ? "device.platform is required"
        : null;

    private static string? MergeRefusal(JsonElement root) =>
        _mergeSides.FirstOrDefault(side => !NamesOnePerson(root, side)) is { } wrong
            ? $"{wrong} must hold exactly one of id, email and cio_id"
            : null;

    /// <summary>The person that a valid merge keeps, its primary.</summary>
    public static string PrimaryOfMerge(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("primary").EnumerateObject().First().Value.GetString()!;
    }

    private static bool NamesOnePerson(JsonElement root, string side) =>
        HasObject(root, side)
        && root.GetProperty(side).EnumerateObject().Count() == 1
        && _personIdentifiers.Any(i => HasText(root.GetProperty(side), i));

    private static string? SegmentRefusal(JsonElement root) =>
        root.TryGetProperty("ids", out var ids) && ids.ValueKind == JsonValueKind.Array && ids.GetArrayLength() is > 0 and <= 1000
            ? null
            : "ids must hold 1 to 1000 ids";

    private static bool HasObject(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object;

    private static bool HasText(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 };
}
