using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>A limit class as <c>/admin</c> shows it.</summary>
/// <param name="Limit">As configured.</param>
/// <param name="Rate">Requests per second, at most, at the moment.</param>
/// <param name="Tokens">Free at the moment.</param>
/// <param name="PausedUntil">Nothing is sent before.</param>
/// <param name="SharedWith">The classes that draw on the same bucket.</param>
internal sealed record LimitAnswer(string Limit, double Rate, int Tokens, DateTimeOffset? PausedUntil, IReadOnlyList<string> SharedWith)
{
    public static LimitAnswer Of(LimitClass limitClass, LimitStatus group) => new(
        group.Limits,
        Math.Round(group.Rate, 2),
        group.Tokens,
        group.PausedUntil,
        [.. group.Classes.Where(other => other != limitClass).Select(other => other.ToName())]);
}
