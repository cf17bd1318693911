namespace CioOrleans.Api.TrackV2;

/// <summary>What an operation does.</summary>
internal enum OperationAction
{
    /// <summary>Another one, or none was named.</summary>
    Unknown,

    Identify,
    IdentifyAnonymous,
    Delete,
    Event,
    Page,
    Screen,
    AddRelationships,
    DeleteRelationships,
    AddDevice,
    DeleteDevice,
    Merge,
    Suppress,
    Unsuppress,
}
