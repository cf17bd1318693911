using CioOrleans.Customers;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// A visitor or a delivery hands its calls on to the queue that it shares with others. Calls that an earlier version has stored in a queue
/// of its own are delivered from there, and while one of them waits new calls join them: so none is overtaken.
/// </summary>
internal sealed partial class CustomerGrain
{
    // Null for nearly every customer.
    private readonly string? _sharedKey;

    /// <summary>Where this customer's next call goes; null where it goes to the queue of its own.</summary>
    private ICustomerGrain? SharedQueue =>
        _sharedKey is not null && _queue is { IsKnown: true, IsEmpty: true, IsWriting: false } ? Customer(_sharedKey) : null;
}
