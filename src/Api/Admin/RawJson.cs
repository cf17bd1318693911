using System.Text.Json;
using System.Text.Json.Serialization;

namespace CioOrleans.Api.Admin;

/// <summary>One JSON value, written byte for byte as it was received: 1.10 stays 1.10.</summary>
[JsonConverter(typeof(RawJsonConverter))]
internal sealed record RawJson(byte[] Bytes)
{
    /// <summary>Null if the bytes are not exactly one JSON value.</summary>
    public static RawJson? TryRead(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }

            return bytes.Length > 0 ? new RawJson(bytes) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
