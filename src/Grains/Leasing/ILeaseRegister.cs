namespace CioOrleans.Grains.Leasing;

/// <summary>Shows who holds which lease.</summary>
public interface ILeaseRegister
{
    /// <summary>All leases that are held, or were held last and not given back.</summary>
    /// <exception cref="IOException">The store is away.</exception>
    ValueTask<IReadOnlyList<LeaseRecord>> ReadLeasesAsync(CancellationToken cancellation = default);
}

/// <summary>A lease as others see it.</summary>
/// <param name="Workspace">Whose.</param>
/// <param name="Silo">Where its owner lives, as text; null where the store does not say.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="HeldFor">Since its owner took it.</param>
/// <param name="RenewedFor">Since it was taken or renewed last. It is renewed every <see cref="LeaseTerms.RenewEvery"/>.</param>
public sealed record LeaseRecord(string Workspace, string? Silo, long Epoch, TimeSpan HeldFor, TimeSpan RenewedFor);
