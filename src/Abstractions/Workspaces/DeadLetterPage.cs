namespace CioOrleans.Workspaces;

/// <summary>A page of a workspace's dead letters, oldest call first.</summary>
/// <param name="DeadLetters">The dead letters of this page.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.DeadLetterPage")]
public sealed record DeadLetterPage([property: Id(0)] IReadOnlyList<DeadLetter> DeadLetters, [property: Id(1)] Ulid? Next);
