namespace CioOrleans.Api.TrackV2;

/// <summary>The operations of a request after its body was read.</summary>
/// <param name="WholeError">Why the whole request is refused; null if its operations were validated one by one.</param>
/// <param name="Operations">The valid operations, in their order.</param>
/// <param name="Refusals">The errors of the invalid operations, in their order.</param>
internal sealed record TrackV2Request(OperationError? WholeError, IReadOnlyList<AcceptedOperation> Operations, IReadOnlyList<OperationRefusal> Refusals)
{
    public static TrackV2Request Refused(OperationError error) => new(error, [], []);
}
