namespace CioOrleans.Workspaces;

/// <summary>Some dead letters of a workspace, oldest call first.</summary>
/// <param name="DeadLetters">The letters of this page.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.DeadLetterPage")]
public sealed record DeadLetterPage([property: Id(0)] IReadOnlyList<DeadLetter> DeadLetters, [property: Id(1)] Ulid? Next);
