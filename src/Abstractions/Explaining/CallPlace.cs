using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Explaining;

/// <summary>A waiting call and its place in its customer's queue.</summary>
/// <param name="Ahead">The number of the customer's calls that are ahead of it.</param>
/// <param name="Id">The call's id.</param>
/// <param name="Kind">The call's kind.</param>
/// <param name="LimitClass">The call's limit class.</param>
/// <param name="Priority">The call's priority.</param>
/// <param name="AcceptedAt">When the call was accepted (UTC).</param>
/// <param name="OtherCustomer">For a merge and its barrier: the ordering key of the other person; otherwise null.</param>
[GenerateSerializer, Immutable, Alias("cio.CallPlace")]
public sealed record CallPlace(
    [property: Id(0)] long Ahead,
    [property: Id(1)] Ulid Id,
    [property: Id(2)] CallKind Kind,
    [property: Id(3)] LimitClass LimitClass,
    [property: Id(4)] CallPriority Priority,
    [property: Id(5)] DateTimeOffset AcceptedAt,
    [property: Id(6)] string? OtherCustomer)
{
    /// <summary>The trace in which the call was accepted, 32 hexadecimal digits; null for none, and from a version without traces.</summary>
    [Id(7)]
    public string? TraceId { get; init; }
}
