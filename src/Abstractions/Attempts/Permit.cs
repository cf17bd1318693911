using CioOrleans.Limits;

namespace CioOrleans.Attempts;

/// <summary>The right to send one request, granted by the workspace.</summary>
/// <param name="Epoch">The epoch of the lease under which the permit was granted.</param>
/// <param name="LimitClass">The class whose tokens were taken. If the head has another class, the permit is returned unused.</param>
/// <param name="ExpiresAt">By the lease clock: no attempt may begin after this moment.</param>
/// <param name="AttemptTimeout">The time-out of the attempt, from its start. The attempt and a packet life after it always end before the lease.</param>
[GenerateSerializer, Immutable, Alias("cio.Permit")]
public sealed record Permit(
    [property: Id(0)] long Epoch,
    [property: Id(1)] LimitClass LimitClass,
    [property: Id(2)] TimeSpan ExpiresAt,
    [property: Id(3)] TimeSpan AttemptTimeout)
{
    /// <summary>
    /// The activation that reported this customer's last delivery under this epoch; empty if there is none. Any other activation may hold calls in memory that
    /// a twin has delivered since, so it first reads its queue from the outbox again.
    /// </summary>
    [Id(4)]
    public Guid LastActivation { get; init; }

    /// <summary>By the lease clock: when the permit was granted. It orders the permits of one epoch.</summary>
    [Id(5)]
    public TimeSpan GrantedAt { get; init; }

    /// <summary>The number of the permit among those of its epoch, from 1. 0 if the owner's version has no history.</summary>
    [Id(6)]
    public long Number { get; init; }

    /// <summary>
    /// Whether another permit for the same customer was granted later. A leaving silo may pass a permit on, so a permit can arrive after later ones.
    /// </summary>
    public bool IsOlderThan(Permit other) => Epoch < other.Epoch || (Epoch == other.Epoch && GrantedAt < other.GrantedAt);
}
