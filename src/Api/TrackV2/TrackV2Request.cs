namespace CioOrleans.Api.TrackV2;

/// <summary>A request taken apart.</summary>
/// <param name="WholeError">What is wrong with all of it; null where its operations were looked at.</param>
/// <param name="Operations">The valid ones, in their order.</param>
/// <param name="ItemErrors">The others.</param>
internal sealed record TrackV2Request(OperationError? WholeError, IReadOnlyList<AcceptedOperation> Operations, IReadOnlyList<ItemError> ItemErrors)
{
    public static TrackV2Request Refused(OperationError error) => new(error, [], []);
}
