using CioOrleans.Calls;

namespace CioOrleans.Customers;

/// <summary>The customers whose grains are active in this process. Safe for use from all threads.</summary>
public interface ILocalCustomers
{
    /// <summary>
    /// Accepts a call without a message, in a turn of the customer's grain. Such a call may overtake messages of the same caller that are under way to the grain.
    /// </summary>
    /// <param name="customer">Whose call it is.</param>
    /// <param name="call">The call; no merge.</param>
    /// <param name="deadline">See <see cref="ICustomerGrain.Accept"/>.</param>
    /// <returns>
    /// The result; null if the grain has left and the call was not accepted. Null in place of a task if the call must be passed as a message. The task fails with a
    /// <see cref="TimeoutException"/> as the message would.
    /// </returns>
    Task<AcceptResult?>? TryAcceptAsync(CustomerAddress customer, Call call, AcceptDeadline deadline);
}
