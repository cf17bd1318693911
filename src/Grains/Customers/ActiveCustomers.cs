namespace CioOrleans.Grains.Customers;

/// <summary>How many customers' grains a silo holds. Safe for use from all grains at once.</summary>
public sealed class ActiveCustomers
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    internal void Add() => Interlocked.Increment(ref _count);

    internal void Remove() => Interlocked.Decrement(ref _count);
}
