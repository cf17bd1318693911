using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Which dead letters hold the queue of their customer. What holds a queue is the stored dead letter alone: the policy decides whether a new one is stored as
/// held, and whether one that is found is released.
/// </summary>
internal static class HoldRule
{
    /// <summary>Whether a call that becomes a dead letter holds its queue.</summary>
    /// <param name="policy">The workspace's policy.</param>
    /// <param name="customer">The ordering key of the queue. The calls of a queue that several customers share do not wait for each other.</param>
    /// <param name="kind">The kind of call. A barrier is no call of its own.</param>
    public static bool Holds(DeadLetterPolicy policy, string customer, CallKind kind) =>
        policy == DeadLetterPolicy.Hold && kind != CallKind.MergeBarrier && CustomerKey.IsOrdered(customer);
}
