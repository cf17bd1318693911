using System.Collections.Concurrent;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Grains.Customers;

/// <inheritdoc cref="ILocalCustomers"/>
/// <remarks>A message within a process costs as much of the processor's time as storing the call: it is copied, addressed, queued, answered and measured.</remarks>
internal sealed class LocalCustomers(TimeProvider time) : ILocalCustomers
{
    private readonly ConcurrentDictionary<CustomerAddress, LocalAccepts> _customers = new();

    public Task<AcceptResult?>? TryAcceptAsync(CustomerAddress customer, Call call, AcceptDeadline deadline) =>
        _customers.TryGetValue(customer, out var accepts) && !accepts.NeedMessage(time) ? accepts.QueueAsync(call, deadline).WaitAsync(AcceptDeadline.Length, time) : null;

    /// <summary>Adds the activation of a customer's grain, in place of an earlier one.</summary>
    public LocalAccepts Add(CustomerAddress customer, ICustomerActivation activation)
    {
        var accepts = new LocalAccepts(activation);
        _customers[customer] = accepts;
        return accepts;
    }

    /// <summary>Removes an activation, if it is still the customer's last.</summary>
    public void Remove(CustomerAddress customer, LocalAccepts accepts) => _customers.TryRemove(KeyValuePair.Create(customer, accepts));
}
