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
