using CioOrleans.Calls;

namespace CioOrleans.Dispatching;

/// <summary>A call that reached a grain.</summary>
/// <param name="Grain">The grain's key; of a merge <c>merge workspace/primary</c>.</param>
/// <param name="Call">The call.</param>
public sealed record RecordedCall(string Grain, Call Call);
