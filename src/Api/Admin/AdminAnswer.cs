using System.Text.Json.Serialization.Metadata;

namespace CioOrleans.Api.Admin;

/// <summary>The shapes of all answers.</summary>
internal static class AdminAnswer
{
    public static IResult Ok<T>(T value, JsonTypeInfo<T> type) => TypedResults.Json(value, type);

    /// <summary>Customer.io's own shape: <c>{"meta":{"error":"…"}}</c>.</summary>
    public static IResult Error(int status, string message) =>
        TypedResults.Json(new ErrorAnswer(new ErrorMeta(message)), AdminJson.Readable.ErrorAnswer, statusCode: status);
}
