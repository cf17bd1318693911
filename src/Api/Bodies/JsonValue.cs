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

    private static bool IsContainer(JsonTokenType token) => token is JsonTokenType.StartObject or JsonTokenType.StartArray;
}
