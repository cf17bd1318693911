using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Explaining;

/// <summary>A call that waits, and its place in its customer's queue.</summary>
/// <param name="Ahead">Calls of the customer that go first.</param>
/// <param name="Id">The call.</param>
/// <param name="Kind">What it does.</param>
/// <param name="LimitClass">Against which limit it counts.</param>
/// <param name="Priority">Live or bulk.</param>
/// <param name="AcceptedAt">When it was accepted (UTC).</param>
/// <param name="OtherCustomer">Of a merge and its barrier: the ordering key of the other person.</param>
[GenerateSerializer, Immutable, Alias("cio.CallPlace")]
public sealed record CallPlace(
    [property: Id(0)] long Ahead,
    [property: Id(1)] Ulid Id,
    [property: Id(2)] CallKind Kind,
    [property: Id(3)] LimitClass LimitClass,
    [property: Id(4)] CallPriority Priority,
    [property: Id(5)] DateTimeOffset AcceptedAt,
    [property: Id(6)] string? OtherCustomer);
