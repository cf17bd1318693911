using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2;

/// <summary>The operations of a request after its body was read.</summary>
/// <param name="WholeError">Why the whole request is refused; null if its operations were validated one by one.</param>
/// <param name="Operations">The valid operations, in their order.</param>
/// <param name="Refusals">The errors of the invalid operations, in their order.</param>
internal sealed record TrackV2Request(OperationError? WholeError, IReadOnlyList<AcceptedOperation> Operations, IReadOnlyList<OperationRefusal> Refusals)
{
    public static TrackV2Request Refused(OperationError error) => new(error, [], []);
}

/// <summary>A valid operation as a call that is not accepted yet.</summary>
/// <param name="Customer">The ordering key of the queue that it joins.</param>
/// <param name="Call">The call it became.</param>
internal readonly record struct AcceptedOperation(string Customer, Call Call);

/// <summary>The error of an operation of a batch that was refused.</summary>
/// <param name="Index">Its index in the batch, from 0.</param>
/// <param name="Error">Why it was refused.</param>
internal readonly record struct OperationRefusal(int Index, OperationError Error);
