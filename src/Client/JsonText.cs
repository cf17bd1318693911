using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CioOrleans.Calls;

namespace CioOrleans.Client;

/// <summary>Callers' objects as JSON in UTF-8.</summary>
internal static class JsonText
{
    // Like JSON.stringify, by which the official SDKs count sizes: only the escapes that JSON requires.
    private static readonly JavaScriptEncoder _encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private static readonly JsonSerializerOptions _serializer = new() { Encoder = _encoder };

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = _encoder };

    /// <summary>Serialises a value that must be a JSON object.</summary>
    /// <param name="value">The caller's value.</param>
    /// <param name="parameter">The caller's name of the parameter.</param>
    /// <param name="levelsAround">The number of JSON objects that will enclose it.</param>
    /// <exception cref="ArgumentException">The value cannot be serialised, is not a JSON object, or is nested too deep.</exception>
    public static byte[] OfObject(object value, string parameter, int levelsAround)
    {
        byte[] json;
        try
        {
            json = Serialize(value);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new ArgumentException($"It cannot be written as JSON: {exception.Message}", parameter, exception);
        }

        return json[0] != (byte)'{' ? throw new ArgumentException("It is no JSON object. Pass an object or a dictionary.", parameter)
            : IsDeeperThan(json, CallLimits.MaxDepth - levelsAround) ? throw new ArgumentException($"It is nested deeper than {CallLimits.MaxDepth - levelsAround} levels. Flatten it.", parameter)
            : json;
    }

    public static bool HasMember(byte[] json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>Adds a member before the members of an object.</summary>
    public static byte[] Prepend(byte[] json, string member)
    {
        var isEmpty = json.AsSpan(1).TrimStart(" \r\n\t"u8)[0] == (byte)'}';
        return [(byte)'{', .. Encoding.UTF8.GetBytes(member), .. isEmpty ? ReadOnlySpan<byte>.Empty : ","u8, .. json.AsSpan(1)];
    }

    private static byte[] Serialize(object value)
    {
        if (value is not JsonElement element)
        {
            return JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), _serializer);
        }

        // Without the serializer, which needs reflection.
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WriterOptions))
        {
            element.WriteTo(writer);
        }

        return stream.ToArray();
    }

    private static bool IsDeeperThan(byte[] json, int levels)
    {
        var depth = 0;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            depth += reader.TokenType switch
            {
                JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
                JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
                _ => 0,
            };
            if (depth > levels)
            {
                return true;
            }
        }

        return false;
    }
}
