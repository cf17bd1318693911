using System.Text.Json;
using CioOrleans.Api.Bodies;

namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>Enumerates the members of a valid object, each with its bytes as they were written.</summary>
internal ref struct ObjectMembers
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private int _start;

    /// <param name="json">Valid JSON. A value that is not an object has no members.</param>
    public ObjectMembers(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        IsObject = _reader.Read() && _reader.TokenType == JsonTokenType.StartObject;
    }

    public bool IsObject { get; }

    /// <summary>The kind of the member's value.</summary>
    public JsonTokenType Kind { get; private set; }

    /// <summary>Name, colon and value.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>True if the value is written as digits only: a whole number without sign, point and exponent.</summary>
    public readonly bool IsInteger => Kind == JsonTokenType.Number && Value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Moves to the next member's name. <see cref="NameIs"/> compares it; <see cref="ReadValue"/> must be called before the next move.</summary>
    public bool MoveNext()
    {
        if (!IsObject || !_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        _start = (int)_reader.TokenStartIndex;
        return true;
    }

    public readonly bool NameIs(ReadOnlySpan<byte> name) => JsonValue.NameIs(_reader, name);

    public void ReadValue()
    {
        _reader.Read();
        Kind = _reader.TokenType;
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        var end = (int)_reader.BytesConsumed;
        Value = _json[start..end];
        Whole = _json[_start..end];
    }
}
