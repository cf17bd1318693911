using CioOrleans.Customers;

namespace CioOrleans.Grains.Outbox;

/// <summary>A customer whose queue is not empty, and its head.</summary>
public readonly record struct CustomerHead(string Customer, HeadState Head);
