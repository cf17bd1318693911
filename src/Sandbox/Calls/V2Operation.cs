using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Sandbox.Calls;

/// <summary>One operation of a v2 request: its ordering key and what the order report needs, or why it is invalid.</summary>
internal readonly record struct V2Operation(string? Customer, ProcessedCall Call, V2Error? Error)
{
    private const int MaxBytes = 32 * 1024;

    private static readonly HashSet<string> _personActions =
    [
        "identify", "delete", "event", "page", "screen", "add_relationships", "delete_relationships", "add_device", "delete_device",
        "merge", "suppress", "unsuppress",
    ];

    private static readonly HashSet<string> _objectActions = ["identify", "identify_anonymous", "delete", "add_relationships", "delete_relationships"];

    public static V2Operation Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return Invalid("invalid", string.Empty, "an operation must be an object");
        }

        if (JsonMarshal.GetRawUtf8Value(item).Length > MaxBytes)
        {
            return Invalid("size", string.Empty, $"an operation must not be longer than {MaxBytes} bytes");
        }

        var (type, action) = (Text(item, "type"), Text(item, "action"));
        var customer = type switch
        {
            "person" => PersonOf(item, action == "merge" ? "primary" : "identifiers"),
            "object" => ObjectOf(item),
            "delivery" => "delivery:",
            _ => null,
        };
        var known = type switch
        {
            "person" => _personActions.Contains(action),
            "object" => _objectActions.Contains(action),
            "delivery" => action.Length > 0,
            _ => false,
        };
        return type is not ("person" or "object" or "delivery") ? Invalid("invalid", "type", "type must be person, object or delivery")
            : !known ? Invalid("invalid", "action", "action is unknown")
            : customer is null ? Invalid("required", "identifiers", "identifiers are required")
            : action is "event" or "page" or "screen" && Text(item, "name").Length == 0 ? Invalid("required", "name", "name is required")
            : new V2Operation(type == "delivery" ? null : customer, Describe(item, action), null);
    }

    private static V2Operation Invalid(string reason, string field, string message) => new(null, default, new V2Error(reason, field, message));

    private static ProcessedCall Describe(JsonElement item, string action) => new(
        Seq(item) ?? (item.TryGetProperty("attributes", out var attributes) ? Seq(attributes) : null),
        action is "event" or "page" or "screen",
        Hash(item, "id"),
        Hash(item, "timestamp"));

    private static string? PersonOf(JsonElement item, string property) =>
        !item.TryGetProperty(property, out var identifiers) || identifiers.ValueKind != JsonValueKind.Object ? null
        : Text(identifiers, "id") is { Length: > 0 } id ? id
        : Text(identifiers, "email") is { Length: > 0 } email ? email
        : Text(identifiers, "cio_id") is { Length: > 0 } cioId ? "cio_" + cioId
        : Text(identifiers, "anonymous_id") is { Length: > 0 } anonymous ? "anonymous:" + anonymous
        : null;

    private static string? ObjectOf(JsonElement item) =>
        !item.TryGetProperty("identifiers", out var identifiers) || identifiers.ValueKind != JsonValueKind.Object ? null
        : Text(identifiers, "cio_object_id") is { Length: > 0 } cioId ? "object:" + cioId
        : Text(identifiers, "object_id") is { Length: > 0 } id ? $"object:{Text(identifiers, "object_type_id")}:{id}"
        : null;

    private static long? Seq(JsonElement parent) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty("seq", out var seq)
        && seq.ValueKind == JsonValueKind.Number && seq.TryGetInt64(out var value)
            ? value
            : null;

    private static ulong Hash(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) switch
    {
        true when value.ValueKind == JsonValueKind.String => BodyReader.Hash(Encoding.UTF8.GetBytes(value.GetString()!)),
        true when value.ValueKind == JsonValueKind.Number => BodyReader.Hash(JsonMarshal.GetRawUtf8Value(value)),
        _ => 0,
    };

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? value.ToString()
            : string.Empty;
}
