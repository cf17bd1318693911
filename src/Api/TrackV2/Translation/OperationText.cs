using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>The bytes of an operation while it is put together. Values go in as they were written.</summary>
internal sealed class OperationText
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    private OperationText()
    {
    }

    /// <summary>An operation on a person.</summary>
    /// <param name="action">As v2 calls it.</param>
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

    /// <summary>A further member; nothing where the value is empty.</summary>
    public OperationText Member(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => value.IsEmpty ? this : Raw(",\""u8).Raw(name).Raw("\":"u8).Raw(value);

    /// <summary>A string, quoted.</summary>
    public OperationText Text(string value) => Raw("\""u8).Raw(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes).Raw("\""u8);

    /// <summary>The person whom a v1 path names, under the identifier for which Customer.io takes that value.</summary>
    public OperationText Identifiers(PathPerson person) => Raw(",\"identifiers\":{\""u8).Raw(person.Member).Raw("\":"u8).Text(person.Value).Raw("}"u8);

    public byte[] ToBytes()
    {
        Raw("}"u8);
        return _bytes.WrittenSpan.ToArray();
    }
}
