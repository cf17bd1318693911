using System.Text.Json;
using CioOrleans.Client.Explaining;

namespace CioOrleans.Api.Admin;

/// <summary>One cause for which a call waits.</summary>
/// <param name="Cause">
/// A fixed name, for programs: <c>calls-ahead</c>, <c>retry</c>, <c>operator-pause</c>, <c>outage</c>, <c>misconfigured</c>, <c>limit-paused</c>,
/// <c>limit-used</c>, <c>merge</c>.
/// </param>
/// <param name="Text">A sentence, for people.</param>
internal sealed record WaitAnswer(string Cause, string Text)
{
    public static IReadOnlyList<WaitAnswer> Of(IEnumerable<WaitCause> causes) =>
        [.. causes.Select(cause => new WaitAnswer(JsonNamingPolicy.KebabCaseLower.ConvertName(cause.GetType().Name), cause.Text))];
}
