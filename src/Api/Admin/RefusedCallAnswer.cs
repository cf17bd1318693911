using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Refusing;

namespace CioOrleans.Api.Admin;

/// <summary>
/// A refused call. <c>body</c> is the call as received, if it is kept whole and is JSON; otherwise <c>bodyText</c> is what is kept of it. A page has
/// neither.
/// </summary>
/// <param name="Id">The id of the refusal.</param>
/// <param name="RefusedAt">When the call was refused.</param>
/// <param name="Type">The type that the caller gave.</param>
/// <param name="Reason">What is wrong, as a word.</param>
/// <param name="Problem">What is wrong, as a sentence.</param>
/// <param name="Path">The path of the request.</param>
/// <param name="Index">The place in the batch, from 0; null outside of a batch.</param>
/// <param name="MessageId">The caller's <c>messageId</c>.</param>
/// <param name="Customer">The ordering key of the person that the call names first.</param>
/// <param name="Bytes">The size of the call as received.</param>
/// <param name="IsCut">Whether only the beginning of the call is kept.</param>
internal sealed record RefusedCallAnswer(
    string Id,
    DateTimeOffset RefusedAt,
    string? Type,
    string Reason,
    string Problem,
    string Path,
    int? Index,
    string? MessageId,
    string? Customer,
    int Bytes,
    bool IsCut)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson? Body { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BodyText { get; init; }

    public static RefusedCallAnswer Of(RefusedCall call) => new(
        call.Id.ToString(),
        call.Id.Time,
        call.Type,
        JsonNamingPolicy.KebabCaseLower.ConvertName(call.Reason.ToString()),
        call.Problem,
        call.Path,
        call.Index,
        call.MessageId,
        call.Persons.Count > 0 ? call.Persons[0] : null,
        call.Size,
        call.IsCut);

    public static RefusedCallAnswer WithBody(RefusedCall call)
    {
        var json = call.IsCut ? null : RawJson.TryRead(call.Body);
        return Of(call) with { Body = json, BodyText = json is null ? Encoding.UTF8.GetString(call.Body) : null };
    }
}

/// <summary>
/// A page of refused calls, newest first. The next page starts with <c>after</c> set to <c>next</c>, which is null if this page is not full.
/// </summary>
internal sealed record RefusedCallList(IReadOnlyList<RefusedCallAnswer> RefusedCalls, string? Next)
{
    public static RefusedCallList Of(IReadOnlyList<RefusedCall> calls, int limit) =>
        new([.. calls.Select(RefusedCallAnswer.Of)], calls.Count == limit ? calls[^1].Id.ToString() : null);
}

/// <summary>The answer to the deletion of all refused calls.</summary>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="IsComplete">If false, the same request continues.</param>
internal sealed record RefusedEraseAnswer(int Deleted, bool IsComplete)
{
    public static RefusedEraseAnswer Of(ErasedCalls erased) => new(erased.Count, erased.IsComplete);
}
