using CioOrleans.Calls;

namespace CioOrleans.Workspaces;

/// <summary>A call that is not attempted any more unless an operator replays it.</summary>
/// <param name="Customer">The ordering key of its customer.</param>
/// <param name="Call">The whole call; its <see cref="Call.Id"/> is the dead letter's id.</param>
/// <param name="Attempts">Counted attempts.</param>
/// <param name="Reason">Why it became a dead letter.</param>
/// <param name="DiedAt">When it became a dead letter (UTC).</param>
[GenerateSerializer, Immutable, Alias("cio.DeadLetter")]
public sealed record DeadLetter(
    [property: Id(0)] string Customer,
    [property: Id(1)] Call Call,
    [property: Id(2)] int Attempts,
    [property: Id(3)] string Reason,
    [property: Id(4)] DateTimeOffset DiedAt)
{
    /// <summary>For a send: whether the message may have been sent.</summary>
    [Id(5)]
    public bool IsOutcomeUnknown { get; init; }

    /// <summary>Whether it holds its customer's queue.</summary>
    [Id(6)]
    public bool IsHeld { get; init; }
}

/// <summary>A page of a workspace's dead letters, oldest call first.</summary>
/// <param name="DeadLetters">The dead letters of this page.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.DeadLetterPage")]
public sealed record DeadLetterPage([property: Id(0)] IReadOnlyList<DeadLetter> DeadLetters, [property: Id(1)] Ulid? Next);
