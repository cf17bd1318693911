using System.Diagnostics.CodeAnalysis;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>Reads which page of a list is asked for.</summary>
internal static class AdminPage
{
    private const int Default = 50;
    private const int Max = 1_000;

    /// <summary>The parameters of a page, for the admin document.</summary>
    public static IReadOnlyList<AdminParameter> Parameters { get; } =
    [
        new("after", JsonSchemaType.String, "The 'next' of the page before."),
        new("limit", JsonSchemaType.Integer, $"The most entries of a page; 1 to {Max} (default: {Default})."),
    ];

    /// <summary>Reads the page from the query: <c>after</c>, and <c>limit</c> (1 to 1,000, default: 50).</summary>
    public static bool TryRead(HttpRequest request, out Ulid? after, out int limit, [NotNullWhen(false)] out IResult? error)
    {
        (after, limit, error) = (null, Default, null);
        if (request.Query["after"].ToString() is { Length: > 0 } afterText)
        {
            if (!Ulid.TryParse(afterText, out var id))
            {
                error = AdminAnswer.Error(StatusCodes.Status400BadRequest, "'after' is the 'next' of the page before.");
                return false;
            }

            after = id;
        }

        if (request.Query["limit"].ToString() is { Length: > 0 } limitText
            && (!int.TryParse(limitText, out limit) || limit is < 1 or > Max))
        {
            error = AdminAnswer.Error(StatusCodes.Status400BadRequest, $"'limit' is a whole number from 1 to {Max}.");
            return false;
        }

        return true;
    }
}
