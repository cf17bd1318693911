namespace CioOrleans.Customers;

/// <summary>What waits for one customer.</summary>
/// <param name="Queued">Calls that wait, the one in flight among them; counted up to 100,000.</param>
/// <param name="HeadId">The call at the head; null when nothing waits.</param>
/// <param name="Head">What the workspace knows of the head.</param>
/// <param name="HeadError">Why the head's last attempt failed; null when it has not failed.</param>
/// <param name="HeadAcceptedAt">When the head was accepted.</param>
/// <param name="InFlight">The head is being sent at this moment.</param>
[GenerateSerializer, Immutable, Alias("cio.CustomerStatus")]
public sealed record CustomerStatus(
    [property: Id(0)] long Queued,
    [property: Id(1)] Ulid? HeadId,
    [property: Id(2)] HeadState Head,
    [property: Id(3)] string? HeadError,
    [property: Id(4)] DateTimeOffset? HeadAcceptedAt,
    [property: Id(5)] bool InFlight);
