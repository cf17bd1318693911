using System.Text.Json;
using System.Text.Json.Serialization;

namespace CioOrleans.Api.Admin;

/// <summary>Writes the bytes unchecked, because <see cref="RawJson.TryRead"/> has checked them.</summary>
internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return RawJson.TryRead(System.Text.Encoding.UTF8.GetBytes(document.RootElement.GetRawText()));
    }

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.Bytes, skipInputValidation: true);
}
