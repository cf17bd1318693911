using CioOrleans.Calls;

namespace CioOrleans.Workspaces;

/// <summary>A call that will not be delivered unless somebody replays it.</summary>
/// <param name="Customer">The ordering key of its customer.</param>
/// <param name="Call">The call, whole; its <see cref="Call.Id"/> is the dead letter's id.</param>
/// <param name="Attempts">Attempts that were counted.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="DiedAt">When (UTC).</param>
[GenerateSerializer, Immutable, Alias("cio.DeadLetter")]
public sealed record DeadLetter(
    [property: Id(0)] string Customer,
    [property: Id(1)] Call Call,
    [property: Id(2)] int Attempts,
    [property: Id(3)] string Reason,
    [property: Id(4)] DateTimeOffset DiedAt)
{
    /// <summary>Of a send: whether the message may have been sent all the same.</summary>
    [Id(5)]
    public bool IsOutcomeUnknown { get; init; }
}
