using CioOrleans.Customers;

namespace CioOrleans.Grains;

/// <summary>
/// References of the customers' grains that were asked for lately: a call that comes in and its delivery shortly after need the same one, and a key's tag takes longer to make than all
/// the rest of a reference. A reference only names a grain, so it is never out of date. Each customer has one slot, which the last of its customers
/// keeps. Safe for use from all threads.
/// </summary>
internal sealed class KnownCustomers
{
    /// <summary>8 MB, once all are used.</summary>
    private const int Slots = 1 << 15;

    private readonly Entry?[] _slots = new Entry?[Slots];

    public ICustomerGrain? Find(IGrainFactory grains, CustomerAddress customer) =>
        Volatile.Read(ref _slots[SlotOf(customer)]) is { } entry && entry.Customer == customer && ReferenceEquals(entry.Grains, grains) ? entry.Grain : null;

    public void Add(IGrainFactory grains, CustomerAddress customer, ICustomerGrain grain) =>
        Volatile.Write(ref _slots[SlotOf(customer)], new Entry(grains, customer, grain));

    /// <summary>By the hash code of a string, which has a seed: nobody can choose customers of one slot.</summary>
    private static int SlotOf(CustomerAddress customer) => customer.Customer.GetHashCode(StringComparison.Ordinal) & (Slots - 1);

    private sealed record Entry(IGrainFactory Grains, CustomerAddress Customer, ICustomerGrain Grain);
}
