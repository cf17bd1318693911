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
            json is null && call.Body.Length > 0 ? call.Body : null);
    }
}

/// <summary>A page of dead letters. The next page starts with <c>after</c> set to <c>next</c>, which is null on the last page.</summary>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterAnswer> DeadLetters, string? Next)
{
    public static DeadLetterList Of(DeadLetterPage page) => new([.. page.DeadLetters.Select(DeadLetterAnswer.Of)], page.Next?.ToString());
}
