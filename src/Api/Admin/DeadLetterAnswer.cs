using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Admin;

/// <summary>A dead letter. <c>body</c> is its stored body if that is JSON; otherwise <c>bodyBase64</c> is.</summary>
internal sealed record DeadLetterAnswer(
    string Id,
    string Customer,
    string Kind,
    string LimitClass,
    string Method,
    string Target,
    int Attempts,
    string Reason,
    DateTimeOffset DiedAt,
    DateTimeOffset AcceptedAt,
    RawJson? Body,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? BodyBase64)
{
    /// <summary>Whether it holds its customer's queue. Left out if not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsHeld { get; init; }

    public static DeadLetterAnswer Of(DeadLetter letter)
    {
        var call = letter.Call;
        var json = RawJson.TryRead(call.Body);
        return new DeadLetterAnswer(
            call.Id.ToString(),
            letter.Customer,
            JsonNamingPolicy.KebabCaseLower.ConvertName(call.Kind.ToString()),
            call.LimitClass.ToName(),
            call.Method,
            call.Target,
            letter.Attempts,
            letter.Reason,
            letter.DiedAt,
            call.AcceptedAt,
            json,
            json is null && call.Body.Length > 0 ? call.Body : null)
        {
            IsHeld = letter.IsHeld,
        };
    }
}

/// <summary>A page of dead letters. The next page starts with <c>after</c> set to <c>next</c>, which is null on the last page.</summary>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterAnswer> DeadLetters, string? Next)
{
    public static DeadLetterList Of(DeadLetterPage page) => new([.. page.DeadLetters.Select(DeadLetterAnswer.Of)], page.Next?.ToString());
}

/// <summary>The dead letters of one kind of call that have one cause.</summary>
/// <param name="Cause">Selects them; equal for all kinds of call.</param>
/// <param name="Kind">The kind of call.</param>
/// <param name="Status">What Customer.io answered; 0 for no answer.</param>
/// <param name="Answer">Why they are dead letters, without what differs from call to call.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Oldest">When the first of them became a dead letter.</param>
/// <param name="Newest">When the last of them became a dead letter.</param>
/// <param name="Example">The id of one of them.</param>
internal sealed record DeadLetterCauseAnswer(string Cause, string Kind, int Status, string Answer, long Count, DateTimeOffset Oldest, DateTimeOffset Newest, string Example)
{
    public static DeadLetterCauseAnswer Of(DeadLetterCause cause) => new(
        cause.Cause.ToString("x16", CultureInfo.InvariantCulture),
        JsonNamingPolicy.KebabCaseLower.ConvertName(cause.Kind.ToString()),
        cause.Status,
        cause.Answer,
        cause.Count,
        cause.Oldest,
        cause.Newest,
        cause.Example.ToString());

    public static bool TryParse(string text, out long cause) => long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out cause) && text.Length == 16;
}

/// <summary>The dead letters by kind of call and cause, the most frequent first. <c>isComplete</c> is false if there are more causes than were asked for.</summary>
internal sealed record DeadLetterCauseList(IReadOnlyList<DeadLetterCauseAnswer> Causes, bool IsComplete)
{
    public static DeadLetterCauseList Of(DeadLetterCauses causes) => new([.. causes.Causes.Select(DeadLetterCauseAnswer.Of)], causes.IsComplete);
}

/// <summary>A dead letter without its call.</summary>
internal sealed record DeadLetterExample(string Id, string Customer, string Kind, string Reason, DateTimeOffset DiedAt)
{
    public static DeadLetterExample Of(SelectedDeadLetter letter) => new(
        letter.Id.ToString(), letter.Customer, JsonNamingPolicy.KebabCaseLower.ConvertName(letter.Kind.ToString()), letter.Reason, letter.DiedAt);
}

/// <summary>The answer to a replay or a discard of a selection of dead letters.</summary>
/// <param name="Workspace">The workspace's name.</param>
/// <param name="DryRun">True if the dead letters were only counted.</param>
/// <param name="Matched">Dead letters that matched.</param>
/// <param name="Done">Dead letters that were replayed, or discarded.</param>
/// <param name="OutcomeUnknown">Sends that matched and whose message may have been sent. They are discarded with the others, and are not replayed.</param>
/// <param name="IsComplete">True if all dead letters were looked at.</param>
internal sealed record DeadLettersAnswer(string Workspace, bool DryRun, long Matched, long Done, long OutcomeUnknown, bool IsComplete)
{
    /// <summary>The end of the selection. The same request with this <c>to</c> selects nothing that became a dead letter later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? To { get; init; }

    /// <summary>Some of them, of a dry run. Left out otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeadLetterExample>? Examples { get; init; }

    /// <summary>The value of <c>after</c> with which the same request continues. Left out if the answer is complete.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Next { get; init; }

    /// <summary>Why the request ended early. Left out if nothing was wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }
}
