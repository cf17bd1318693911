using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>The state of a limit class.</summary>
/// <param name="Limit">The configured limits.</param>
/// <param name="Rate">The current rate, in requests per second at most.</param>
/// <param name="Tokens">Tokens that are free at the moment.</param>
/// <param name="PausedUntil">When sending resumes; null if the class is not paused.</param>
/// <param name="SharedWith">The other classes that share its buckets.</param>
internal sealed record LimitAnswer(string Limit, double Rate, int Tokens, DateTimeOffset? PausedUntil, IReadOnlyList<string> SharedWith)
{
    public static LimitAnswer Of(LimitClass limitClass, LimitStatus group) => new(
        group.Limits,
        Math.Round(group.Rate, 2),
        group.Tokens,
        group.PausedUntil,
        [.. group.Classes.Where(other => other != limitClass).Select(other => other.ToName())]);
}
