using System.Text.Json.Serialization;
using CioOrleans.Discarding;

namespace CioOrleans.Api.Admin;

/// <summary>What became of the waiting calls that an operator wanted to discard.</summary>
/// <param name="Workspace">Whose.</param>
/// <param name="DryRun">Whether they were counted only.</param>
/// <param name="Customers">Customers with calls that were meant.</param>
/// <param name="Matched">Calls that were meant.</param>
/// <param name="Discarded">Of these: removed, and never sent.</param>
/// <param name="InFlight">Of these: being sent at this moment; they stay.</param>
/// <param name="Barriers">Barriers of merges that stay: each goes with its merge.</param>
/// <param name="IsComplete">Whether all waiting calls were looked at.</param>
internal sealed record DiscardAnswer(string Workspace, bool DryRun, long Customers, long Matched, long Discarded, long InFlight, long Barriers, bool IsComplete)
{
    /// <summary>Where it is not complete: the same request with <c>after</c> set to this goes on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Next { get; init; }

    /// <summary>Why it is not complete, where storage is away.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    public DiscardAnswer Add(DiscardResult result) => this with
    {
        Customers = Customers + (result.Matched > 0 ? 1 : 0),
        Matched = Matched + result.Matched,
        Discarded = Discarded + result.Discarded,
        InFlight = InFlight + result.InFlight,
        Barriers = Barriers + result.Barriers,
        IsComplete = IsComplete && result.Next is null,
        Problem = result.Problem ?? Problem,
    };
}
