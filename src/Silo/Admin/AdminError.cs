using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CioOrleans.Silo.Admin;

/// <summary>The error answers of the admin listener, in Customer.io's format: <c>{"meta":{"error":"…"}}</c>.</summary>
public static class AdminError
{
    /// <summary>The type of the body, for the description of an endpoint.</summary>
    public static Type AnswerType => typeof(ErrorAnswer);

    public static Task WriteAsync(HttpResponse response, int status, string message) => For(status, message).ExecuteAsync(response.HttpContext);

    public static IResult For(int status, string message) => TypedResults.Json(new ErrorAnswer(new ErrorMeta(message)), AdminErrorJson.Readable.ErrorAnswer, statusCode: status);
}

internal sealed record ErrorAnswer(ErrorMeta Meta);

internal sealed record ErrorMeta(string Error);

[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class AdminErrorJson : JsonSerializerContext
{
    /// <summary>Quotes and letters are not escaped: people read these answers, and no page embeds them.</summary>
    public static AdminErrorJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
