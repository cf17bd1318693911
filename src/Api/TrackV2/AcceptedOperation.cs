using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2;

/// <summary>A valid operation as a call that is not accepted yet.</summary>
/// <param name="Customer">The ordering key of the queue that it joins.</param>
/// <param name="Call">The call it became.</param>
internal readonly record struct AcceptedOperation(string Customer, Call Call);
