namespace CioOrleans.Serialization;

/// <summary>The wire format of a <see cref="Ulid"/>: the 16 bytes of a <see cref="Guid"/>.</summary>
[GenerateSerializer, Immutable, Alias("cio.Ulid")]
public struct UlidSurrogate
{
    [Id(0)]
    public Guid Value { get; set; }
}
