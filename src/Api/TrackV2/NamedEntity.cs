namespace CioOrleans.Api.TrackV2;

/// <summary>
/// The identifiers that an object under <c>identifiers</c>, <c>primary</c> or <c>secondary</c> holds. A null or blank identifier counts as missing.
/// </summary>
internal struct NamedEntity
{
    /// <summary>True if the object is present.</summary>
    public bool IsGiven;

    public string? Id;

    public string? Email;

    public string? Phone;

    public string? CioId;

    public string? AnonymousId;

    public string? ObjectTypeId;

    public string? ObjectId;

    public string? CioObjectId;

    /// <summary>How many identifiers of a person are present.</summary>
    public readonly int PersonIdentifiers =>
        (Id is null ? 0 : 1) + (Email is null ? 0 : 1) + (Phone is null ? 0 : 1) + (CioId is null ? 0 : 1) + (AnonymousId is null ? 0 : 1);
}
