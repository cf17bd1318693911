using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>A call that reached a grain.</summary>
/// <param name="Grain">The grain's workspace and customer; of a merge <c>merge workspace/primary</c>.</param>
/// <param name="Call">The call.</param>
/// <param name="Deadline">Until when it was to be taken.</param>
public sealed record RecordedCall(string Grain, Call Call, AcceptDeadline Deadline);
