namespace CioOrleans.Grains.Leasing;

/// <summary>A workspace's lease, held.</summary>
/// <param name="Epoch">Higher than that of every earlier lease of the workspace.</param>
/// <param name="ExpiresAt">By the lease clock; no request may be under way after it.</param>
/// <param name="PredecessorEndsAt">By the lease clock; a predecessor may still be sending until then. Zero when none can be.</param>
/// <param name="HandOver">What the predecessor left when it gave the lease back; null where it did not, or the store keeps none.</param>
public sealed record LeaseGrant(long Epoch, TimeSpan ExpiresAt, TimeSpan PredecessorEndsAt, HandOver? HandOver = null);
