using System.Text.Json;
using CioOrleans.Calls;

namespace CioOrleans.Api.Bodies;

/// <summary>Reads values off a reader whose position is the name of a member.</summary>
internal static class JsonValue
{
    private static readonly string _tooDeep = $"The body is nested deeper than {CallLimits.MaxDepth} levels. Flatten it.";

    /// <summary>Goes past a member's value. Returns what is wrong with it, or null.</summary>
    public static string? SkipMember(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Skip(ref reader);
    }

    /// <summary>Goes to the end of the value at the reader's position. Returns what is wrong with it, or null.</summary>
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

    /// <summary>Reads an identifier: a string, or a number as it was written. Null, a blank and an absent one are all "none".</summary>
    /// <param name="reader">At the member's name.</param>
    /// <param name="member">The member's name, for the message.</param>
    /// <param name="maxBytes">As UTF-8.</param>
    /// <param name="value">The identifier; null where there is none.</param>
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
    /// The key of the event id at the reader's position; null where it is none. It is taken as written: whoever escapes it differently in
    /// a repeat is not recognised, and Customer.io still recognises the repeat itself.
    /// </summary>
    public static DuplicateKey? ReadEventKey(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.Number && !reader.ValueSpan.IsEmpty ? DuplicateKey.OfEventId(reader.ValueSpan) : null;

    /// <summary>Whether the member's name at the reader's position is this one. A name with half of a surrogate pair is no text and equals none.</summary>
    public static bool NameIs(in Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        (!reader.ValueIsEscaped || IsText(reader.ValueSpan)) && reader.ValueTextEquals(name);

    /// <summary>Whether an escaped string holds whole characters only. The reader itself tells by an exception, and a body can hold a hundred thousand names.</summary>
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
