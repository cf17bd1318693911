using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Grains.Customers;

/// <summary>What the classes around a customer's grain may ask of its activation.</summary>
internal interface ICustomerActivation
{
    /// <summary>Deactivates the grain once it has nothing to do. Its next call activates it anew, possibly on another silo.</summary>
    void Leave();

    /// <summary>Starts a task in a turn of the grain, behind the turns that were queued before. Safe for use from all threads.</summary>
    void Queue(Task turn);

    /// <summary>Accepts a call that came without a message. Call it in a turn.</summary>
    ValueTask<AcceptResult> AcceptAsync(Call call, AcceptDeadline deadline);
}
