using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Calls;
using CioOrleans.Client.Explaining;
using CioOrleans.Client.Operating;
using CioOrleans.History;
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

    /// <summary>The trace in which the call was accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

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

    public static CallAnswer Of(CallReport report) => new(report.Address.Workspace, report.Place.Id.ToString(), Name(report.Explanation.State))
    {
        Customer = report.Address.Customer,
        Kind = JsonNamingPolicy.KebabCaseLower.ConvertName(report.Place.Kind.ToString()),
        LimitClass = report.Place.LimitClass.ToName(),
        AcceptedAt = report.Place.AcceptedAt,
        TraceId = report.Place.TraceId,
        Ahead = report.Place.Ahead,
        WaitsFor = WaitAnswer.Of(report.Explanation.Causes),
        ExpectedAt = report.At + report.Explanation.ExpectedIn,
    };

    public static CallAnswer Of(string workspace, DeadLetter letter) => new(workspace, letter.Call.Id.ToString(), Name(CallState.DeadLetter))
    {
        Customer = letter.Customer,
        Kind = JsonNamingPolicy.KebabCaseLower.ConvertName(letter.Call.Kind.ToString()),
        LimitClass = letter.Call.LimitClass.ToName(),
        AcceptedAt = letter.Call.AcceptedAt,
        TraceId = TraceParents.TraceIdOf(letter.Call.Notes.TraceParent),
        Reason = letter.Reason,
        DiedAt = letter.DiedAt,
    };

    public static CallAnswer Gone(string workspace, Ulid id) => new(workspace, id.ToString(), Name(CallState.DeliveredOrUnknown))
    {
        Note = "It waits nowhere: it was delivered, or discarded, or there never was one of this id here.",
    };

    /// <summary>What was tried and answered, the oldest first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HistoryAnswer>? History { get; init; }

    /// <summary>Adds what the history tells. Of a call that waits nowhere it tells how it ended.</summary>
    public CallAnswer With(IReadOnlyList<HistoryRow> rows)
    {
        if (rows.Count == 0)
        {
            return this;
        }

        var answer = this with { History = [.. rows.Select(HistoryAnswer.Of)] };
        return State != Name(CallState.DeliveredOrUnknown) || rows.LastOrDefault(row => row.IsEnd) is not { } end
            ? answer
            : answer with
            {
                State = HistoryAnswer.Name(end.Result),
                Customer = end.Customer,
                Kind = end.Kind is { } kind ? HistoryAnswer.Name(kind) : null,
                LimitClass = end.LimitClass.ToName(),
                AcceptedAt = end.AcceptedAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(end.AcceptedAt),
                TraceId = end.TraceId,
                Note = null,
            };
    }

    public static string Name(CallState state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());
}
