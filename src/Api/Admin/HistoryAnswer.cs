using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Calls;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Api.Admin;

/// <summary>A row of the history. Times are bounds: the request arrived between <c>sent</c> and <c>ended</c>, if it arrived. What does not apply is left out.</summary>
internal sealed record HistoryAnswer(string Result, string LimitClass, DateTimeOffset Ended)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Sent { get; init; }

    /// <summary>By how much the bounds may have been rounded outward, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double PrecisionMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Customer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CallId { get; init; }

    /// <summary>The call's number in its customer's queue.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Sequence { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Import { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>The trace in which the call was accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempt { get; init; }

    /// <summary>Whether the call left its queue.</summary>
    public bool IsEnd { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Epoch { get; init; }

    /// <summary>The number of the permit in its epoch. The calls of one batch have one permit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Permit { get; init; }

    public string Silo { get; init; } = "";

    /// <summary>What was sent; of several rows of a call one has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HistoryRequest? Request { get; init; }

    /// <summary>The beginning of the answer's body.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Answer { get; init; }

    public static HistoryAnswer Of(HistoryRow row) => new(Name(row.Result), row.LimitClass.ToName(), HistoryId.ToTime(row.Ended))
    {
        Sent = row.Sent is { } sent ? HistoryId.ToTime(sent) : null,
        PrecisionMs = row.Precision / 1_000.0,
        Status = row.Status,
        Reason = row.Reason,
        Customer = row.Customer,
        CallId = row.CallId?.ToString(),
        Sequence = row.Sequence,
        Kind = row.Kind is { } kind ? Name(kind) : null,
        Import = row.Import?.ToString(),
        AcceptedAt = row.AcceptedAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.AcceptedAt),
        TraceId = row.TraceId,
        Attempt = row.Attempt,
        IsEnd = row.IsEnd,
        Epoch = row.Epoch,
        Permit = row.Permit,
        Silo = row.Silo,
        Request = row.Body?.ReadCall() is { } call ? HistoryRequest.Of(call) : null,
        Answer = row.Body?.ReadAnswer(),
    };

    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

/// <summary>What was sent, without credentials.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Body">The body as text.</param>
internal sealed record HistoryRequest(string Method, string Target, string Body)
{
    public static HistoryRequest Of(Call call) => new(call.Method, call.Target, Encoding.UTF8.GetString(call.Body));
}

/// <summary>
/// A page of the history, the newest first. A page may hold fewer rows than its limit, even none: the next one begins with <c>after</c> set to <c>next</c>,
/// which is null on the last page.
/// </summary>
internal sealed record HistoryList(IReadOnlyList<HistoryAnswer> Rows, string? Next);

/// <summary>The answer to the erasure of a customer's history.</summary>
/// <param name="Erased">The number of rows that told of the customer.</param>
/// <param name="IsComplete">If false, the same request continues.</param>
internal sealed record HistoryEraseAnswer(int Erased, bool IsComplete);

/// <summary>What the record proves. <c>verdict</c> is <c>kept</c>, <c>broken</c> or <c>not-judged</c>.</summary>
internal sealed record ProofAnswer(
    string Workspace,
    string Verdict,
    DateTimeOffset From,
    DateTimeOffset To,
    long Rows,
    long Requests,
    long OpenCalls,
    IReadOnlyList<ProofLimit> Limits,
    long ViolationCount,
    IReadOnlyList<ProofFinding> Violations,
    IReadOnlyList<ProofGap> NotJudged)
{
    public static ProofAnswer Of(string workspace, ProofReport report) => new(
        workspace,
        HistoryAnswer.Name(report.Verdict),
        report.From,
        report.To,
        report.Rows,
        report.Requests,
        report.OpenCalls,
        [
            .. report.Limits.Select(limit => new ProofLimit(
                [.. limit.Classes.Select(LimitClassNames.ToName)],
                limit.Permits,
                limit.Window.TotalSeconds,
                HistoryAnswer.Name(limit.Verdict),
                limit.Most,
                limit.MostAt,
                limit.MostWithExactClocks,
                limit.Precision.TotalMilliseconds,
                limit.IsBoundOnly)),
        ],
        report.ViolationCount,
        [.. report.Violations.Select(violation => new ProofFinding(HistoryAnswer.Name(violation.Kind), violation.At, violation.CustomerKey, violation.Sequence, violation.OtherSequence))],
        [.. report.NotJudged.Select(gap => new ProofGap(gap.From, gap.To, HistoryAnswer.Name(gap.Why), gap.Count))]);
}

/// <summary>One limit of a <see cref="ProofAnswer"/>.</summary>
internal sealed record ProofLimit(
    IReadOnlyList<string> Classes,
    int Permits,
    double WindowSeconds,
    string Verdict,
    int Most,
    DateTimeOffset? MostAt,
    int MostWithExactClocks,
    double PrecisionMs,
    bool IsBoundOnly);

/// <summary>A violation.</summary>
internal sealed record ProofFinding(string Kind, DateTimeOffset At, string? Customer, long Sequence, long OtherSequence);

/// <summary>A span that is not judged.</summary>
internal sealed record ProofGap(DateTimeOffset From, DateTimeOffset To, string Why, long Count);
