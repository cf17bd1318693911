using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>A page of dead letters. The next page starts with <c>after</c> set to <c>next</c>, which is null on the last page.</summary>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterAnswer> DeadLetters, string? Next)
{
    public static DeadLetterList Of(DeadLetterPage page) => new([.. page.DeadLetters.Select(DeadLetterAnswer.Of)], page.Next?.ToString());
}
