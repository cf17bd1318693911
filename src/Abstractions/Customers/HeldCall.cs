using CioOrleans.Calls;

namespace CioOrleans.Customers;

/// <summary>A dead letter that holds its customer's queue until it is replayed in its place or discarded.</summary>
/// <param name="Id">The id of the call.</param>
/// <param name="Sequence">The call's number in the queue. All calls that wait have higher ones.</param>
/// <param name="Kind">The kind of call.</param>
/// <param name="Reason">Why it became a dead letter; of a long text the first 500 characters.</param>
/// <param name="DiedAt">When it became a dead letter (UTC).</param>
/// <param name="OtherCustomer">For a merge: the ordering key of the other person; otherwise null.</param>
[GenerateSerializer, Immutable, Alias("cio.HeldCall")]
public sealed record HeldCall(
    [property: Id(0)] Ulid Id,
    [property: Id(1)] long Sequence,
    [property: Id(2)] CallKind Kind,
    [property: Id(3)] string Reason,
    [property: Id(4)] DateTimeOffset DiedAt,
    [property: Id(5)] string? OtherCustomer = null);

/// <summary>A customer whose queue a dead letter holds.</summary>
/// <param name="Customer">The ordering key.</param>
/// <param name="Call">The dead letter.</param>
[GenerateSerializer, Immutable, Alias("cio.HeldCustomer")]
public sealed record HeldCustomer([property: Id(0)] string Customer, [property: Id(1)] HeldCall Call);

/// <summary>A page of the customers whose queues are held.</summary>
/// <param name="Customers">In the order of their ordering keys.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.HeldCustomerPage")]
public sealed record HeldCustomerPage([property: Id(0)] IReadOnlyList<HeldCustomer> Customers, [property: Id(1)] string? Next);
