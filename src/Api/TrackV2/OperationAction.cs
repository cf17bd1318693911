namespace CioOrleans.Api.TrackV2;

/// <summary>What an operation does.</summary>
internal enum OperationAction
{
    /// <summary>The action is missing or not known here.</summary>
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
