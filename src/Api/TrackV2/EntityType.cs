namespace CioOrleans.Api.TrackV2;

/// <summary>What an operation is about.</summary>
internal enum EntityType
{
    /// <summary>Another one, or none was named.</summary>
    Unknown,

    Person,

    Object,

    Delivery,
}
