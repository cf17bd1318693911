using CioOrleans.Limits;

namespace CioOrleans.Delivery;

/// <summary>The workspace's leave to send one request, now.</summary>
/// <param name="Epoch">The epoch of the lease under which it was granted.</param>
/// <param name="LimitClass">The class whose tokens were taken; a head of another class gives the permit back unused.</param>
/// <param name="ExpiresAt">By the lease clock: the attempt may not begin once it has passed.</param>
/// <param name="AttemptTimeout">The time-out of the attempt, from its beginning. It, and a packet life, always end before the lease does.</param>
[GenerateSerializer, Immutable, Alias("cio.Permit")]
public sealed record Permit(
    [property: Id(0)] long Epoch,
    [property: Id(1)] LimitClass LimitClass,
    [property: Id(2)] TimeSpan ExpiresAt,
    [property: Id(3)] TimeSpan AttemptTimeout)
{
    /// <summary>
    /// The activation that reported this customer's last delivery under this epoch; empty where none has. Any other one may hold calls in
    /// memory that a twin of it has delivered since, and reads its queue again first.
    /// </summary>
    [Id(4)]
    public Guid LastActivation { get; init; }

    /// <summary>By the lease clock: when it was granted. Of two permits of one epoch it tells the earlier one.</summary>
    [Id(5)]
    public TimeSpan GrantedAt { get; init; }

    /// <summary>Whether another permit for the same customer was granted later. A leaving silo may pass a permit on, so that it arrives behind later ones.</summary>
    public bool IsOlderThan(Permit other) => Epoch < other.Epoch || (Epoch == other.Epoch && GrantedAt < other.GrantedAt);
}
