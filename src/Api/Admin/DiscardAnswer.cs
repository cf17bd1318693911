using System.Text.Json.Serialization;
using CioOrleans.Discarding;

namespace CioOrleans.Api.Admin;

/// <summary>The result of a discard of waiting calls.</summary>
/// <param name="Workspace">The workspace's name.</param>
/// <param name="DryRun">True if the calls were only counted.</param>
/// <param name="Customers">Customers with calls that matched.</param>
/// <param name="Matched">Calls that matched.</param>
/// <param name="Discarded">Matching calls that were removed. They are never sent.</param>
/// <param name="InFlight">Matching calls that were in flight. They were not removed.</param>
/// <param name="Barriers">Merge barriers that were not removed. A barrier is removed together with its merge.</param>
/// <param name="IsComplete">True if all waiting calls were examined.</param>
internal sealed record DiscardAnswer(string Workspace, bool DryRun, long Customers, long Matched, long Discarded, long InFlight, long Barriers, bool IsComplete)
{
    /// <summary>The value of <c>after</c> with which the same request continues. Left out if the discard is complete.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Next { get; init; }

    /// <summary>The customer's refused calls that were deleted, or match. Left out if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Refused { get; init; }

    /// <summary>The storage error that ended the discard early. Left out if there was none.</summary>
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
