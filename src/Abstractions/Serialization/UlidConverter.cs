namespace CioOrleans.Serialization;

/// <summary>Lets Orleans serialise a <see cref="Ulid"/>.</summary>
[RegisterConverter]
public sealed class UlidConverter : IConverter<Ulid, UlidSurrogate>
{
    public Ulid ConvertFromSurrogate(in UlidSurrogate surrogate) => new(surrogate.Value);

    public UlidSurrogate ConvertToSurrogate(in Ulid value) => new() { Value = value.ToGuid() };
}
