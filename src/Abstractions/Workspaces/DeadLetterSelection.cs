using CioOrleans.Calls;

namespace CioOrleans.Workspaces;

/// <summary>Selects dead letters of a workspace. All conditions must hold; a condition that is null holds for every dead letter.</summary>
[GenerateSerializer, Immutable, Alias("cio.DeadLetterSelection")]
public sealed record DeadLetterSelection
{
    /// <summary>The ordering key of their customer.</summary>
    [Id(0)]
    public string? Customer { get; init; }

    /// <summary>The kind of call.</summary>
    [Id(1)]
    public CallKind? Kind { get; init; }

    /// <summary>The least status that Customer.io answered; 0 for no answer.</summary>
    [Id(2)]
    public int? StatusFrom { get; init; }

    /// <summary>The highest status that Customer.io answered.</summary>
    [Id(3)]
    public int? StatusTo { get; init; }

    /// <summary>The cause, from <see cref="DeadLetterCause.Cause"/>.</summary>
    [Id(4)]
    public long? Cause { get; init; }

    /// <summary>They became dead letters at this time or later (UTC).</summary>
    [Id(5)]
    public DateTimeOffset? From { get; init; }

    /// <summary>They became dead letters before this time (UTC).</summary>
    [Id(6)]
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether the selection depends on the causes of dead letters.</summary>
    public bool NeedsCauses => Cause is not null || StatusFrom is not null || StatusTo is not null;
}

/// <summary>The dead letters of one kind of call that have one cause.</summary>
/// <param name="Kind">The kind of call.</param>
/// <param name="Cause">Identifies the cause. It is the same for all kinds of call, processes and versions.</param>
/// <param name="Status">The status that Customer.io answered; 0 if there was no answer.</param>
/// <param name="Answer">The reason without the status and without what differs from call to call.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Oldest">When the first of them became a dead letter (UTC).</param>
/// <param name="Newest">When the last of them became a dead letter (UTC).</param>
/// <param name="Example">The id of one of them.</param>
[GenerateSerializer, Immutable, Alias("cio.DeadLetterCause")]
public sealed record DeadLetterCause(
    [property: Id(0)] CallKind Kind,
    [property: Id(1)] long Cause,
    [property: Id(2)] int Status,
    [property: Id(3)] string Answer,
    [property: Id(4)] long Count,
    [property: Id(5)] DateTimeOffset Oldest,
    [property: Id(6)] DateTimeOffset Newest,
    [property: Id(7)] Ulid Example);

/// <summary>The dead letters of a workspace by cause.</summary>
/// <param name="Causes">The most frequent first.</param>
/// <param name="IsComplete">Whether all dead letters are in it. False if there are more causes, or dead letters of an earlier version whose cause is not known yet.</param>
[GenerateSerializer, Immutable, Alias("cio.DeadLetterCauses")]
public sealed record DeadLetterCauses([property: Id(0)] IReadOnlyList<DeadLetterCause> Causes, [property: Id(1)] bool IsComplete);

/// <summary>A dead letter without its call.</summary>
/// <param name="Id">The id of the call.</param>
/// <param name="Customer">The ordering key of its customer.</param>
/// <param name="Kind">The kind of call.</param>
/// <param name="Reason">Why it became a dead letter; of a long text the first 500 characters.</param>
/// <param name="DiedAt">When it became a dead letter (UTC).</param>
/// <param name="IsOutcomeUnknown">For a send: whether the message may have been sent.</param>
[GenerateSerializer, Immutable, Alias("cio.SelectedDeadLetter")]
public sealed record SelectedDeadLetter(
    [property: Id(0)] Ulid Id,
    [property: Id(1)] string Customer,
    [property: Id(2)] CallKind Kind,
    [property: Id(3)] string Reason,
    [property: Id(4)] DateTimeOffset DiedAt,
    [property: Id(5)] bool IsOutcomeUnknown);

/// <summary>A page of the dead letters that a selection matches, oldest call first.</summary>
/// <param name="DeadLetters">The dead letters of this page.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.SelectedDeadLetterPage")]
public sealed record SelectedDeadLetterPage([property: Id(0)] IReadOnlyList<SelectedDeadLetter> DeadLetters, [property: Id(1)] Ulid? Next);

/// <summary>How many dead letters a selection matches.</summary>
/// <param name="Matched">All of them.</param>
/// <param name="OutcomeUnknown">Sends among them whose message may have been sent.</param>
/// <param name="IsComplete">Whether all dead letters were looked at. False while the causes of dead letters of an earlier version are not known.</param>
[GenerateSerializer, Immutable, Alias("cio.DeadLetterCount")]
public sealed record DeadLetterCount([property: Id(0)] long Matched, [property: Id(1)] long OutcomeUnknown, [property: Id(2)] bool IsComplete = true);
