namespace CioOrleans.Grains.Customers;

/// <summary>
/// How many bytes of waiting calls the customer grains of a silo may hold in memory together. It bounds memory whatever the
/// number of customers: what does not fit is read from the outbox when its turn comes. Safe for use from all grains at once.
/// </summary>
/// <param name="bytes">The budget; more than zero.</param>
public sealed class PayloadBudget(long bytes)
{
    private long _free = bytes;

    /// <summary>Takes part of the budget. False, and nothing taken, where it is used up.</summary>
    public bool TryTake(int size)
    {
        if (Interlocked.Add(ref _free, -size) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _free, size);
        return false;
    }

    /// <summary>Takes part of the budget even where it is used up: for a head that is about to be sent.</summary>
    public void Take(int size) => Interlocked.Add(ref _free, -size);

    public void Give(int size) => Interlocked.Add(ref _free, size);
}
