using System.Text.Json.Serialization.Metadata;
using CioOrleans.Silo.Admin;

namespace CioOrleans.Api.Admin;

/// <summary>Makes the answers of <c>/admin</c>.</summary>
internal static class AdminAnswer
{
    public static IResult Ok<T>(T value, JsonTypeInfo<T> type) => TypedResults.Json(value, type);

    public static IResult Error(int status, string message) => AdminError.For(status, message);

    /// <summary>Makes a change. Answers 503 if it could not be stored.</summary>
    /// <param name="change">Makes the change and answers. An <see cref="IOException"/> says why it was not stored.</param>
    public static async Task<IResult> StoringAsync(Func<Task<IResult>> change)
    {
        try
        {
            return await change();
        }
        catch (IOException exception)
        {
            return Error(StatusCodes.Status503ServiceUnavailable, $"The change could not be stored: {exception.Message}. Try again.");
        }
    }
}
