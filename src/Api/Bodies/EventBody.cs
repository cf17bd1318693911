using System.Text.Json;
using CioOrleans.Calls;

namespace CioOrleans.Api.Bodies;

/// <summary>An event of a person or of an anonymous visitor.</summary>
internal static class EventBody
{
    public static string? ReadMember(ref Utf8JsonReader reader, ref BodyFacts facts, bool isAnonymous)
    {
        if (JsonValue.NameIs(reader, "name"u8))
        {
            return ReadName(ref reader, ref facts);
        }

        if (JsonValue.NameIs(reader, "data"u8))
        {
            return ReadData(ref reader);
        }

        if (JsonValue.NameIs(reader, "type"u8))
        {
            return ReadType(ref reader, ref facts);
        }

        if (isAnonymous && JsonValue.NameIs(reader, "anonymous_id"u8))
        {
            var problem = JsonValue.ReadIdentifier(ref reader, "anonymous_id", CallLimits.MaxPersonBytes, out var anonymousId);
            facts.Subject = anonymousId;
            return problem;
        }

        if (JsonValue.NameIs(reader, "id"u8))
        {
            facts.HasId = true;
            reader.Read();
            facts.OwnKey = JsonValue.ReadEventKey(ref reader);
            return JsonValue.Skip(ref reader);
        }

        facts.HasTimestamp |= JsonValue.NameIs(reader, "timestamp"u8);
        return JsonValue.SkipMember(ref reader);
    }

    private static string? ReadName(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            return "The event's name is not a string. Send \"name\" as a string that is not blank.";
        }

        // A short name without escapes is checked without an allocation.
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.ValueSpan.Length <= CallLimits.MaxEventNameBytes)
        {
            facts.HasRequired = reader.ValueSpan.IndexOfAnyExceptInRange((byte)0, (byte)' ') >= 0;
            facts.IsNameTooLong = false;
            return null;
        }

        var name = reader.GetString().AsSpan().Trim();
        facts.HasRequired = !name.IsEmpty;
        facts.IsNameTooLong = System.Text.Encoding.UTF8.GetByteCount(name) > CallLimits.MaxEventNameBytes;
        return null;
    }

    private static string? ReadData(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        return JsonValue.Skip(ref reader) is { } problem ? problem
            : reader.BytesConsumed - start > CallLimits.MaxEventDataBytes ? $"The event's \"data\" is larger than {CallLimits.MaxEventDataBytes} bytes. Send less."
            : null;
    }

    private static string? ReadType(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        reader.Read();
        facts.View = reader.TokenType != JsonTokenType.String ? null
            : reader.ValueTextEquals("page"u8) ? CallKind.Page
            : reader.ValueTextEquals("screen"u8) ? CallKind.Screen
            : null;
        return JsonValue.Skip(ref reader);
    }
}
