namespace CioOrleans.Api.TrackV2;

/// <summary>What an operation is about.</summary>
internal enum EntityType
{
    /// <summary>The type is missing or not known here.</summary>
    Unknown,

    Person,

    Object,

    Delivery,
}
