using CioOrleans.Customers;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// The recently used customers. A cache of two generations: when the young one is full, it replaces the old one, and customers that were not used meanwhile are
/// dropped.
/// </summary>
internal sealed class CustomerCache(int generationSize)
{
    private Dictionary<CustomerAddress, CachedCustomer> _young = [];
    private Dictionary<CustomerAddress, CachedCustomer> _old = [];

    public CachedCustomer? Find(CustomerAddress customer)
    {
        if (_young.TryGetValue(customer, out var entry))
        {
            return entry;
        }

        if (_old.TryGetValue(customer, out entry))
        {
            Add(customer, entry);
        }

        return entry;
    }

    public void Clear() => (_young, _old) = ([], []);

    public void Add(CustomerAddress customer, CachedCustomer entry)
    {
        if (_young.Count >= generationSize)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }

        _young[customer] = entry;
    }
}
