using System.IO.Hashing;
using System.Text.Json;

namespace CioOrleans.Sandbox.Calls;

/// <summary>Reads <see cref="BodyFacts"/> from a body.</summary>
internal static class BodyReader
{
    public static BodyFacts Read(ReadOnlySpan<byte> body)
    {
        var facts = new BodyFacts();
        if (body.IsEmpty)
        {
            return facts;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            facts.Shape = reader.TokenType switch
            {
                JsonTokenType.StartObject => BodyShape.Object,
                JsonTokenType.Null => BodyShape.Null,
                _ => BodyShape.Other,
            };
            if (facts.Shape == BodyShape.Object)
            {
                ReadObject(ref reader, ref facts);
            }
            else
            {
                reader.Skip();
            }

            // Throws if anything but white space follows the root.
            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string is not valid UTF-8.
            facts.Shape = BodyShape.Malformed;
        }

        return facts;
    }

    /// <summary>Hashes a value. Never 0, which means "none".</summary>
    public static ulong Hash(ReadOnlySpan<byte> value) => Math.Max(1, XxHash3.HashToUInt64(value));

    private static void ReadObject(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("seq"u8))
            {
                facts.Seq = ReadInteger(ref reader) ?? facts.Seq;
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                facts.Id = ReadHash(ref reader);
            }
            else if (reader.ValueTextEquals("timestamp"u8) || reader.ValueTextEquals("_timestamp"u8))
            {
                facts.Timestamp = ReadHash(ref reader);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                facts.NameLength = ReadString(ref reader) ? reader.ValueSpan.Length : 0;
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                facts.IsView = ReadString(ref reader) && (reader.ValueTextEquals("page"u8) || reader.ValueTextEquals("screen"u8));
            }
            else if (reader.ValueTextEquals("anonymous_id"u8))
            {
                facts.AnonymousId = ReadString(ref reader) ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                var start = reader.TokenStartIndex;
                ReadNested(ref reader, ref facts);
                facts.DataLength = reader.BytesConsumed - start;
            }
            else if (reader.ValueTextEquals("attributes"u8))
            {
                reader.Read();
                ReadNested(ref reader, ref facts);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadNested(ref Utf8JsonReader reader, ref BodyFacts facts)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("seq"u8))
            {
                var seq = ReadInteger(ref reader);
                facts.Seq ??= seq;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static long? ReadInteger(ref Utf8JsonReader reader)
    {
        reader.Read();
        long? value = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
        reader.Skip();
        return value;
    }

    private static ulong ReadHash(ref Utf8JsonReader reader)
    {
        reader.Read();
        var hash = reader.TokenType is JsonTokenType.String or JsonTokenType.Number ? Hash(reader.ValueSpan) : 0;
        reader.Skip();
        return hash;
    }

    private static bool ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        var isString = reader.TokenType == JsonTokenType.String;
        reader.Skip();
        return isString;
    }
}
