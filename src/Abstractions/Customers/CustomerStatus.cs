namespace CioOrleans.Customers;

/// <summary>The waiting calls of one customer.</summary>
/// <param name="Queued">Waiting calls, including the one in flight; counted up to 100,000.</param>
/// <param name="HeadId">The head's id; null if the queue is empty.</param>
/// <param name="Head">What the workspace knows about the head.</param>
/// <param name="HeadError">Why the head's last attempt failed; null when it has not failed.</param>
/// <param name="HeadAcceptedAt">When the head was accepted.</param>
/// <param name="InFlight">Whether the head is being sent now.</param>
[GenerateSerializer, Immutable, Alias("cio.CustomerStatus")]
public sealed record CustomerStatus(
    [property: Id(0)] long Queued,
    [property: Id(1)] Ulid? HeadId,
    [property: Id(2)] HeadState Head,
    [property: Id(3)] string? HeadError,
    [property: Id(4)] DateTimeOffset? HeadAcceptedAt,
    [property: Id(5)] bool InFlight)
{
    /// <summary>The dead letter that holds the queue; null if none does.</summary>
    [Id(6)]
    public HeldCall? Held { get; init; }
}
