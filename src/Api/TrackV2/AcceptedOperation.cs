using CioOrleans.Calls;

namespace CioOrleans.Api.TrackV2;

/// <summary>A valid operation, ready to be handed over.</summary>
/// <param name="Customer">The queue it joins.</param>
/// <param name="Call">The call it became.</param>
internal readonly record struct AcceptedOperation(string Customer, Call Call);
