using System.Diagnostics.CodeAnalysis;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>Reads which page of a list is asked for.</summary>
internal static class AdminPage
{
    /// <summary>The number of entries of a page if nothing is said.</summary>
    public const int Default = 50;

    /// <summary>The maximum number of entries of a page.</summary>
    public const int Max = 1_000;

    /// <summary>The parameters of a page, for the admin document.</summary>
    public static IReadOnlyList<AdminParameter> Parameters { get; } =
    [
        new("after", JsonSchemaType.String, "The 'next' of the page before."),
        new("limit", JsonSchemaType.Integer, $"The most entries of a page; 1 to {Max} (default: {Default})."),
    ];

    /// <summary>Reads the page from the query: <c>after</c>, and <c>limit</c> (1 to 1,000, default: 50).</summary>
    public static bool TryRead(HttpRequest request, out Ulid? after, out int limit, [NotNullWhen(false)] out IResult? error) =>
        TryRead(request, text => Ulid.TryParse(text, out var id) ? id : null, out after, out limit, out error);

    /// <summary>Reads the page of a list whose <c>next</c> is something else than an id.</summary>
    /// <param name="request">The request.</param>
    /// <param name="parse">Parses <c>after</c>; null for a text that no page has returned.</param>
    /// <param name="after">Where the page begins; null for the first.</param>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="error">The answer if the query is wrong.</param>
    public static bool TryRead<T>(HttpRequest request, Func<string, T?> parse, out T? after, out int limit, [NotNullWhen(false)] out IResult? error)
        where T : struct
    {
        (after, limit, error) = (null, Default, null);
        if (request.Text("after") is { } afterText && (after = parse(afterText)) is null)
        {
            error = AdminAnswer.Error(StatusCodes.Status400BadRequest, "'after' is the 'next' of the page before.");
            return false;
        }

        return TryReadLimit(request, Default, out limit, out error);
    }

    /// <summary>Reads <c>limit</c> from the query.</summary>
    /// <param name="request">The request.</param>
    /// <param name="standard">The limit if the parameter is absent.</param>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="error">The answer if the query is wrong.</param>
    public static bool TryReadLimit(HttpRequest request, int standard, out int limit, [NotNullWhen(false)] out IResult? error)
    {
        (limit, error) = (standard, null);
        if (request.Text("limit") is { } text && (!int.TryParse(text, out limit) || limit is < 1 or > Max))
        {
            error = AdminAnswer.Error(StatusCodes.Status400BadRequest, $"'limit' is a whole number from 1 to {Max}.");
            return false;
        }

        return true;
    }
}
