using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>Builds the bytes of an operation. Values are copied as they were written.</summary>
internal sealed class OperationText
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    private OperationText()
    {
    }

    /// <summary>Starts an operation on a person.</summary>
    /// <param name="action">The action's name in v2.</param>
    public static OperationText OfPerson(ReadOnlySpan<byte> action)
    {
        var text = new OperationText();
        text.Raw("{\"type\":\"person\",\"action\":\""u8).Raw(action).Raw("\""u8);
        return text;
    }

    public OperationText Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Adds a member; nothing if the value is empty.</summary>
    public OperationText Member(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => value.IsEmpty ? this : Raw(",\""u8).Raw(name).Raw("\":"u8).Raw(value);

    /// <summary>Adds a string, quoted and escaped.</summary>
    public OperationText Text(string value) => Raw("\""u8).Raw(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes).Raw("\""u8);

    /// <summary>Adds the person that a v1 path names, under the identifier that Customer.io derives from the value.</summary>
    public OperationText Identifiers(PathPerson person) => Raw(",\"identifiers\":{\""u8).Raw(person.Member).Raw("\":"u8).Text(person.Value).Raw("}"u8);

    public byte[] ToBytes()
    {
        Raw("}"u8);
        return _bytes.WrittenSpan.ToArray();
    }
}
