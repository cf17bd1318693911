using System.Text.Json;
using CioOrleans.Calls;

namespace CioOrleans.Api.Bodies;

/// <summary>Reads values off a reader whose position is the name of a member.</summary>
internal static class JsonValue
{
    private static readonly string _tooDeep = $"The body is nested deeper than {CallLimits.MaxDepth} levels. Flatten it.";

    /// <summary>Skips a member's value. Returns what is wrong with it, or null.</summary>
    public static string? SkipMember(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Skip(ref reader);
    }

    /// <summary>Skips the value at the reader's position. Returns what is wrong with it, or null.</summary>
    public static string? Skip(ref Utf8JsonReader reader)
    {
        if (!IsContainer(reader.TokenType))
        {
            return null;
        }

        var outer = reader.CurrentDepth;
        do
        {
            if (IsContainer(reader.TokenType) && reader.CurrentDepth >= CallLimits.MaxDepth)
            {
                return _tooDeep;
            }

            reader.Read();
        }
        while (reader.CurrentDepth > outer);

        return null;
    }

    /// <summary>Reads an identifier: a string, or a number as it was written. Null and a blank string mean that there is none.</summary>
    /// <param name="reader">The reader, at the member's name.</param>
    /// <param name="member">The member's name, for the message.</param>
    /// <param name="maxBytes">The longest identifier, in bytes of UTF-8.</param>
    /// <param name="value">The identifier; null if there is none.</param>
    public static string? ReadIdentifier(ref Utf8JsonReader reader, string member, int maxBytes, out string? value)
    {
        value = null;
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number:
                value = System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
                break;
            case JsonTokenType.String:
                value = reader.GetString();
                break;
            default:
                return $"\"{member}\" is not a string. Send it as one.";
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            value = null;
            return null;
        }

        return IdentifierRules.Check(value, $"\"{member}\"", maxBytes);
    }

    /// <summary>
    /// The duplicate key of the event id at the reader's position; null if it is not a string with content or a number. It is taken from the raw bytes. A
    /// repeat that escapes the id differently is not recognised here, but Customer.io recognises it.
    /// </summary>
    public static DuplicateKey? ReadEventKey(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.Number && !reader.ValueSpan.IsEmpty ? DuplicateKey.OfEventId(reader.ValueSpan) : null;

    /// <summary>Whether the member at the reader's position has this name. A name with half of a surrogate pair equals no name.</summary>
    public static bool NameIs(in Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        (!reader.ValueIsEscaped || IsText(reader.ValueSpan)) && reader.ValueTextEquals(name);

    /// <summary>
    /// Whether an escaped string, or all strings of a JSON text, have no half of a surrogate pair. The reader reports this by an exception, which is too slow for a body with a hundred
    /// thousand names.
    /// </summary>
    public static bool IsText(ReadOnlySpan<byte> escaped)
    {
        const int length = 6;
        var isHighBefore = false;
        for (var at = 0; at < escaped.Length;)
        {
            if (escaped[at] != '\\' || escaped[at + 1] != 'u')
            {
                if (isHighBefore)
                {
                    return false;
                }

                at += escaped[at] == '\\' ? 2 : 1;
                continue;
            }

            _ = System.Buffers.Text.Utf8Parser.TryParse(escaped.Slice(at + 2, 4), out ushort unit, out _, 'x');
            if (isHighBefore != char.IsLowSurrogate((char)unit))
            {
                return false;
            }

            isHighBefore = char.IsHighSurrogate((char)unit);
            at += length;
        }

        return !isHighBefore;
    }

    private static bool IsContainer(JsonTokenType token) => token is JsonTokenType.StartObject or JsonTokenType.StartArray;
}

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
