using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Client.Explaining;
using CioOrleans.Explaining;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>Where a call is. Members that do not apply to its state are left out.</summary>
internal sealed record CallAnswer(string Workspace, string Id, string State)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Customer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LimitClass { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>The number of calls that are ahead of it in its queue.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Ahead { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WaitAnswer>? WaitsFor { get; init; }

    /// <summary>When the call should be sent. Left out if that depends on an operator or on Customer.io.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpectedAt { get; init; }

    /// <summary>Why the call is a dead letter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DiedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    public static CallAnswer Of(string workspace, string customer, CallPlace place, WaitExplanation explanation, DateTimeOffset now) =>
        new(workspace, place.Id.ToString(), Name(explanation.State))
        {
            Customer = customer,
            Kind = JsonNamingPolicy.KebabCaseLower.ConvertName(place.Kind.ToString()),
            LimitClass = place.LimitClass.ToName(),
            AcceptedAt = place.AcceptedAt,
            Ahead = place.Ahead,
            WaitsFor = WaitAnswer.Of(explanation.Causes),
            ExpectedAt = now + explanation.ExpectedIn,
        };

    public static CallAnswer Of(string workspace, DeadLetter letter) => new(workspace, letter.Call.Id.ToString(), Name(CallState.DeadLetter))
    {
        Customer = letter.Customer,
        Kind = JsonNamingPolicy.KebabCaseLower.ConvertName(letter.Call.Kind.ToString()),
        LimitClass = letter.Call.LimitClass.ToName(),
        AcceptedAt = letter.Call.AcceptedAt,
        Reason = letter.Reason,
        DiedAt = letter.DiedAt,
    };

    public static CallAnswer Gone(string workspace, Ulid id) => new(workspace, id.ToString(), Name(CallState.DeliveredOrUnknown))
    {
        Note = "It waits nowhere: it was delivered, or discarded, or there never was one of this id here.",
    };

    public static string Name(CallState state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());
}
