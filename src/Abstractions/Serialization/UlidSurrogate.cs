namespace CioOrleans.Serialization;

/// <summary>How a <see cref="Ulid"/> crosses the wire: as the 16 bytes of a <see cref="Guid"/>.</summary>
[GenerateSerializer, Immutable, Alias("cio.Ulid")]
public struct UlidSurrogate
{
    [Id(0)]
    public Guid Value { get; set; }
}
