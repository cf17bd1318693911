using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

/// <summary>One limit group of a workspace: the classes that share its buckets.</summary>
/// <param name="Classes">The classes of the group.</param>
/// <param name="Limits">The configured limits, such as <c>100/1s</c>.</param>
/// <param name="Rate">The maximum number of requests per second now; lower than configured after a 429.</param>
/// <param name="Tokens">Tokens that can be taken now.</param>
/// <param name="PausedUntil">The end of the group's pause; null if it is not paused.</param>
[GenerateSerializer, Immutable, Alias("cio.LimitStatus")]
public sealed record LimitStatus(
    [property: Id(0)] IReadOnlyList<LimitClass> Classes,
    [property: Id(1)] string Limits,
    [property: Id(2)] double Rate,
    [property: Id(3)] int Tokens,
    [property: Id(4)] DateTimeOffset? PausedUntil);
