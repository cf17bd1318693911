using CioOrleans.Addressing;
using CioOrleans.Client.Explaining;
using CioOrleans.Customers;
using CioOrleans.Explaining;

namespace CioOrleans.Client.Operating;

/// <summary>Reads what waits for a customer, and why.</summary>
public sealed class CustomerReader(IGrainFactory grains, GrainKeys keys, TimeProvider time)
{
    /// <summary>What waits for a customer.</summary>
    public async Task<CustomerReport> ReadAsync(CustomerAddress address)
    {
        var customer = grains.GetCustomer(keys, address);
        var status = await customer.GetStatus();
        var now = time.GetUtcNow();
        var head = status.Head.HasCall ? await customer.FindCall(null) : null;
        return new CustomerReport(address, status, status.Head.HasCall ? await ExplainAsync(address, 0, status, head, now) : null, now) { Head = head };
    }

    /// <summary>One waiting call of a customer; null if it does not wait there.</summary>
    public async Task<CallReport?> FindAsync(CustomerAddress address, Ulid call)
    {
        var customer = grains.GetCustomer(keys, address);
        var status = await customer.GetStatus();
        if (await customer.FindCall(call) is not { } place)
        {
            return null;
        }

        var now = time.GetUtcNow();
        return new CallReport(address, place, await ExplainAsync(address, place.Ahead, status, place, now), now);
    }

    private async Task<WaitExplanation> ExplainAsync(CustomerAddress address, long ahead, CustomerStatus status, CallPlace? place, DateTimeOffset now)
    {
        var standing = await grains.GetWorkspace(address.Workspace).GetStanding(address.Customer, status.Head.LimitClass);
        return WaitExplainer.Explain(ahead, status, standing, ahead == 0 ? place?.OtherCustomer : null, now);
    }
}

/// <summary>What waits for a customer.</summary>
/// <param name="Address">The customer.</param>
/// <param name="Status">The queue.</param>
/// <param name="Explanation">Why the head waits; null if no call waits.</param>
/// <param name="At">When this was read (UTC).</param>
public sealed record CustomerReport(CustomerAddress Address, CustomerStatus Status, WaitExplanation? Explanation, DateTimeOffset At)
{
    /// <summary>The first waiting call; null if no call waits.</summary>
    public CallPlace? Head { get; init; }
}

/// <summary>A waiting call.</summary>
/// <param name="Address">Its customer.</param>
/// <param name="Place">Its place in the queue.</param>
/// <param name="Explanation">Why it waits.</param>
/// <param name="At">When this was read (UTC).</param>
public sealed record CallReport(CustomerAddress Address, CallPlace Place, WaitExplanation Explanation, DateTimeOffset At);
