using System.Text.Json;
using CioOrleans.Api.Bodies;

namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>Goes over the members of an object that was found to be valid, each with its bytes as they were written.</summary>
internal ref struct ObjectMembers
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private int _start;

    /// <param name="json">An object, or something else, which has no members.</param>
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

    /// <summary>The value is a whole number, written without point and exponent.</summary>
    public readonly bool IsInteger => Kind == JsonTokenType.Number && Value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Comes to the next member's name, which <see cref="NameIs"/> compares, before <see cref="ReadValue"/> goes past it.</summary>
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

    /// <summary>The name holds whole characters only.</summary>
    public readonly bool IsNamedByText => !_reader.ValueIsEscaped || JsonValue.IsText(_reader.ValueSpan);

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
