using CioOrleans.Customers;

namespace CioOrleans.Addressing;

/// <summary>
/// A cache of references to customers' grains. A call and its delivery shortly after need the same reference, and computing the tag of its key takes longer
/// than the rest of a reference. A reference only names a grain, so it is never out of date. Each slot holds the last customer that was added to it. Safe for
/// use from all threads.
/// </summary>
internal sealed class KnownCustomers
{
    /// <summary>The number of slots. They take 8 MB when all are used.</summary>
    private const int Slots = 1 << 15;

    private readonly Entry?[] _slots = new Entry?[Slots];

    public ICustomerGrain? Find(IGrainFactory grains, CustomerAddress customer) =>
        Volatile.Read(ref _slots[SlotOf(customer)]) is { } entry && entry.Customer == customer && ReferenceEquals(entry.Grains, grains) ? entry.Grain : null;

    public void Add(IGrainFactory grains, CustomerAddress customer, ICustomerGrain grain) =>
        Volatile.Write(ref _slots[SlotOf(customer)], new Entry(grains, customer, grain));

    public void Clear() => Array.Clear(_slots);

    /// <summary>The slot follows from the hash code of a string, which has a seed, so callers cannot choose customers of one slot.</summary>
    private static int SlotOf(CustomerAddress customer) => customer.Customer.GetHashCode(StringComparison.Ordinal) & (Slots - 1);

    private sealed record Entry(IGrainFactory Grains, CustomerAddress Customer, ICustomerGrain Grain);
}
