using CioOrleans.Limits;

namespace CioOrleans.Workspaces;

/// <summary>One limit group of a workspace: the classes that share its buckets.</summary>
/// <param name="Classes">The classes that share it.</param>
/// <param name="Limits">The configured limits, such as <c>100/1s</c>.</param>
/// <param name="Rate">Requests per second that are granted at most at the moment: lower than configured after a 429.</param>
/// <param name="Tokens">Tokens that could be taken now.</param>
/// <param name="PausedUntil">Nothing of the group is sent before; null when it is not paused.</param>
[GenerateSerializer, Immutable, Alias("cio.LimitStatus")]
public sealed record LimitStatus(
    [property: Id(0)] IReadOnlyList<LimitClass> Classes,
    [property: Id(1)] string Limits,
    [property: Id(2)] double Rate,
    [property: Id(3)] int Tokens,
    [property: Id(4)] DateTimeOffset? PausedUntil);
