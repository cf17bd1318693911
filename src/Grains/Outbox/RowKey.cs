using CioOrleans.Customers;

namespace CioOrleans.Grains.Outbox;

/// <summary>Names one stored call. The call's id is part of the key, because a twin of a grain may have given the same sequence to another call.</summary>
public readonly record struct RowKey(CustomerAddress Customer, long Sequence, Ulid CallId);
