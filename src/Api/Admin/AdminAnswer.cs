using System.Text.Json.Serialization.Metadata;
using CioOrleans.Silo.Admin;

namespace CioOrleans.Api.Admin;

/// <summary>Makes the answers of <c>/admin</c>.</summary>
internal static class AdminAnswer
{
    public static IResult Ok<T>(T value, JsonTypeInfo<T> type) => TypedResults.Json(value, type);

    public static IResult Error(int status, string message) => AdminError.For(status, message);
}
