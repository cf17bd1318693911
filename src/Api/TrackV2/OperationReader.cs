using System.Text;
using System.Text.Json;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2;

/// <summary>Reads one operation in one pass, without building a document. It skips members that it does not need.</summary>
internal static class OperationReader
{
    private static readonly OperationError _notAnObject = OperationError.Invalid("", "The operation is not a JSON object. Send {\"type\", \"action\", \"identifiers\", …}.");

    private static readonly OperationError _halfCharacter =
        OperationError.Invalid("", "The operation holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters.");

    private static readonly OperationError _tooDeep = OperationError.Invalid("", $"The operation is nested deeper than {CallLimits.MaxDepth} levels. Flatten it.");

    /// <summary>Reads an operation. The reader must be at its first token. Afterwards it is at its last token, even if the operation is invalid.</summary>
    /// <exception cref="JsonException">The JSON is malformed, so that nothing after it can be read.</exception>
    public static void Read(ref Utf8JsonReader reader, out OperationFacts facts)
    {
        facts = default;
        facts.Start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            facts.Error = _notAnObject;
            facts.End = (int)reader.BytesConsumed;
            return;
        }

        var depth = reader.CurrentDepth;
        facts.ContentStart = (int)reader.BytesConsumed;
        try
        {
            while (facts.Error is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                facts.Error = ReadMember(ref reader, ref facts);
            }
        }
        catch (InvalidOperationException)
        {
            // The reader throws this for a name or a string with half of a surrogate pair.
            facts.Error = _halfCharacter;
        }

        while (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth > depth)
        {
            reader.Read();
        }

        facts.End = (int)reader.BytesConsumed;
    }

    private static OperationError? ReadMember(ref Utf8JsonReader reader, ref OperationFacts facts)
    {
        if (JsonValue.NameIs(reader, "identifiers"u8))
        {
            return IdentifiersReader.Read(ref reader, "identifiers", out facts.Identifiers);
        }

        if (JsonValue.NameIs(reader, "attributes"u8))
        {
            return ReadAttributes(ref reader, ref facts);
        }

        if (JsonValue.NameIs(reader, "type"u8))
        {
            reader.Read();
            facts.Type = TypeOf(ref reader);
            return Skip(ref reader);
        }

        if (JsonValue.NameIs(reader, "action"u8))
        {
            reader.Read();
            facts.Action = ActionOf(ref reader);
            return Skip(ref reader);
        }

        if (JsonValue.NameIs(reader, "name"u8))
        {
            return ReadName(ref reader, ref facts);
        }

        if (JsonValue.NameIs(reader, "device"u8))
        {
            return ReadDevice(ref reader, ref facts);
        }

        if (JsonValue.NameIs(reader, "primary"u8))
        {
            return IdentifiersReader.Read(ref reader, "primary", out facts.Primary);
        }

        if (JsonValue.NameIs(reader, "secondary"u8))
        {
            return IdentifiersReader.Read(ref reader, "secondary", out facts.Secondary);
        }

        if (JsonValue.NameIs(reader, "cio_relationships"u8))
        {
            reader.Read();
            facts.HasRelationships = reader.TokenType == JsonTokenType.StartArray;
            return facts.HasRelationships || reader.TokenType == JsonTokenType.Null
                ? Skip(ref reader)
                : OperationError.Invalid("cio_relationships", "\"cio_relationships\" is not an array. Send [{\"identifiers\":{…}}, …].");
        }

        if (JsonValue.NameIs(reader, "id"u8))
        {
            facts.HasId = true;
            reader.Read();
            facts.OwnKey = JsonValue.ReadEventKey(ref reader);
            return Skip(ref reader);
        }

        facts.HasTimestamp |= JsonValue.NameIs(reader, "timestamp"u8);
        return SkipMember(ref reader);
    }

    private static OperationError? ReadAttributes(ref Utf8JsonReader reader, ref OperationFacts facts)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return OperationError.Invalid("attributes", "\"attributes\" is not an object. Send {…}.");
        }

        facts.HasAttributes = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isToken = JsonValue.NameIs(reader, "device_token"u8);
            reader.Read();
            facts.HasDeviceTokenAttribute |= isToken && IsText(ref reader);
            if (Skip(ref reader) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static OperationError? ReadName(ref Utf8JsonReader reader, ref OperationFacts facts)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            return reader.TokenType == JsonTokenType.Null ? null : OperationError.Invalid("name", "\"name\" is not a string. Send it as one.");
        }

        facts.IsMetricName = reader.ValueTextEquals("opened"u8) || reader.ValueTextEquals("converted"u8) || reader.ValueTextEquals("delivered"u8);

        // A short name without escapes is checked without an allocation.
        if (!reader.ValueIsEscaped && reader.ValueSpan.Length <= CallLimits.MaxEventNameBytes)
        {
            facts.HasName = reader.ValueSpan.IndexOfAnyExceptInRange((byte)0, (byte)' ') >= 0;
            facts.IsNameTooLong = false;
            return null;
        }

        var name = reader.GetString().AsSpan().Trim();
        facts.HasName = !name.IsEmpty;
        facts.IsNameTooLong = Encoding.UTF8.GetByteCount(name) > CallLimits.MaxEventNameBytes;
        return null;
    }

    private static OperationError? ReadDevice(ref Utf8JsonReader reader, ref OperationFacts facts)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return OperationError.Invalid("device", "\"device\" is not an object. Send {\"token\":\"…\",\"platform\":\"ios\" or \"android\"}.");
        }

        facts.HasDevice = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isToken = JsonValue.NameIs(reader, "token"u8);
            var isPlatform = JsonValue.NameIs(reader, "platform"u8);
            reader.Read();
            facts.HasDeviceToken |= isToken && IsText(ref reader);
            facts.HasDevicePlatform |= isPlatform && IsText(ref reader);
            if (Skip(ref reader) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>True for a string that is not empty, and for a number, which Customer.io reads as its digits.</summary>
    private static bool IsText(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number || (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty);

    private static EntityType TypeOf(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? EntityType.Unknown
        : reader.ValueTextEquals("person"u8) ? EntityType.Person
        : reader.ValueTextEquals("object"u8) ? EntityType.Object
        : reader.ValueTextEquals("delivery"u8) ? EntityType.Delivery
        : EntityType.Unknown;

    private static OperationAction ActionOf(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? OperationAction.Unknown
        : reader.ValueTextEquals("identify"u8) ? OperationAction.Identify
        : reader.ValueTextEquals("event"u8) ? OperationAction.Event
        : reader.ValueTextEquals("page"u8) ? OperationAction.Page
        : reader.ValueTextEquals("screen"u8) ? OperationAction.Screen
        : reader.ValueTextEquals("delete"u8) ? OperationAction.Delete
        : reader.ValueTextEquals("add_device"u8) ? OperationAction.AddDevice
        : reader.ValueTextEquals("delete_device"u8) ? OperationAction.DeleteDevice
        : reader.ValueTextEquals("add_relationships"u8) ? OperationAction.AddRelationships
        : reader.ValueTextEquals("delete_relationships"u8) ? OperationAction.DeleteRelationships
        : reader.ValueTextEquals("merge"u8) ? OperationAction.Merge
        : reader.ValueTextEquals("suppress"u8) ? OperationAction.Suppress
        : reader.ValueTextEquals("unsuppress"u8) ? OperationAction.Unsuppress
        : reader.ValueTextEquals("identify_anonymous"u8) ? OperationAction.IdentifyAnonymous
        : OperationAction.Unknown;

    private static OperationError? SkipMember(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Skip(ref reader);
    }

    private static OperationError? Skip(ref Utf8JsonReader reader) => JsonValue.Skip(ref reader) is null ? null : _tooDeep;
}
