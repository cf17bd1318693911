using CioOrleans.Customers;

namespace CioOrleans.Outbox;

/// <summary>Names one stored call. The call's id is part of it: a sequence alone may have been given out twice by a twin of a grain.</summary>
public readonly record struct RowKey(CustomerAddress Customer, long Sequence, Ulid CallId);
