using CioOrleans.Delivery;
using CioOrleans.Leasing;

namespace CioOrleans.Grains.Leasing;

/// <summary>
/// Fences the owners of a workspace against each other: two activations can never both hold a live lease. Every call throws an
/// <see cref="IOException"/> while the store is away; a grant that was got before then keeps its end, and may be renewed once
/// the store is back, even after that end.
/// </summary>
public interface ILeaseStore : ILeaseClock, IPermitClock
{
    /// <summary>Takes the lease over. The caller must send nothing before <see cref="LeaseGrant.PredecessorEndsAt"/>.</summary>
    ValueTask<LeaseGrant> AcquireAsync(string workspace, string owner, CancellationToken cancellation = default);

    /// <summary>Prolongs the lease. Null when it is lost: somebody with a higher epoch has taken it.</summary>
    ValueTask<LeaseGrant?> RenewAsync(string workspace, string owner, long epoch, CancellationToken cancellation = default);

    /// <summary>Gives the lease back. Only after everything sent under it has ended.</summary>
    /// <param name="workspace">Which workspace.</param>
    /// <param name="owner">Who holds it.</param>
    /// <param name="epoch">Under which epoch.</param>
    /// <param name="handOver">For <see cref="LeaseGrant.HandOver"/> of the next owner; a store may drop it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    ValueTask ReleaseAsync(string workspace, string owner, long epoch, string? handOver = null, CancellationToken cancellation = default);
}

/// <summary>A workspace's lease, held.</summary>
/// <param name="Epoch">Higher than that of every earlier lease of the workspace.</param>
/// <param name="ExpiresAt">By the lease clock; no request may be under way after it.</param>
/// <param name="PredecessorEndsAt">By the lease clock; a predecessor may still be sending until then. Zero when none can be.</param>
/// <param name="HandOver">What the predecessor left when it gave the lease back; null where it did not, or the store keeps none.</param>
public sealed record LeaseGrant(long Epoch, TimeSpan ExpiresAt, TimeSpan PredecessorEndsAt, HandOver? HandOver = null);

/// <summary>What an owner that stopped in good order stored for its successor, as text.</summary>
/// <param name="Text">The text that the owner wrote.</param>
/// <param name="ReleasedAt">When the owner gave the lease back, by the lease clock. Never earlier than the true time.</param>
public sealed record HandOver(string Text, TimeSpan ReleasedAt);
