namespace CioOrleans.Serialization;

/// <summary>Lets Orleans serialise a <see cref="Ulid"/>.</summary>
[RegisterConverter]
public sealed class UlidConverter : IConverter<Ulid, UlidSurrogate>
{
    public Ulid ConvertFromSurrogate(in UlidSurrogate surrogate) => new(surrogate.Value);

    public UlidSurrogate ConvertToSurrogate(in Ulid value) => new() { Value = value.ToGuid() };
}

/// <summary>The wire format of a <see cref="Ulid"/>: the 16 bytes of a <see cref="Guid"/>.</summary>
[GenerateSerializer, Immutable, Alias("cio.Ulid")]
public struct UlidSurrogate
{
    [Id(0)]
    public Guid Value { get; set; }
}
