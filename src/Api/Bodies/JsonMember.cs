using System.Text.Json;

namespace CioOrleans.Api.Bodies;

/// <summary>Reads members of a parsed body.</summary>
internal static class JsonMember
{
    /// <summary>A string that is not blank, or a number as it was written; null for anything else.</summary>
    public static string? TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && value.ToString() is { } text
        && !string.IsNullOrWhiteSpace(text)
            ? text
            : null;
}
