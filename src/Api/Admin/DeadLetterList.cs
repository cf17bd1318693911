using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>A page of dead letters as <c>/admin</c> shows it; <c>next</c> goes into <c>after</c> for the next page and is null on the last one.</summary>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterAnswer> DeadLetters, string? Next)
{
    public static DeadLetterList Of(DeadLetterPage page) => new([.. page.DeadLetters.Select(DeadLetterAnswer.Of)], page.Next?.ToString());
}
