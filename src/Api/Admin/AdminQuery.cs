using CioOrleans.Calls;

namespace CioOrleans.Api.Admin;

/// <summary>Reads what selects calls from a query. Each method returns what is wrong; null if nothing is, or if the parameter is absent.</summary>
internal static class AdminQuery
{
    /// <summary>A parameter; null if it is absent or empty.</summary>
    public static string? Text(this HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Refuses a parameter that is not among the known ones, because a misspelt one must not select everything.</summary>
    public static string? RefuseUnknown(this HttpRequest request, IReadOnlyList<AdminParameter> known) =>
        request.Query.Keys.FirstOrDefault(key => !known.Any(parameter => parameter.Name.Equals(key, StringComparison.OrdinalIgnoreCase))) is { } unknown
            ? $"There is no '{unknown}': {string.Join(", ", known.Select(parameter => parameter.Name))}."
            : null;

    /// <summary>Reads <c>kind</c>, in any case and with or without hyphens.</summary>
    public static string? ReadKind(this HttpRequest request, out CallKind? kind)
    {
        kind = null;
        if (request.Text("kind") is not { } text)
        {
            return null;
        }

        if (!Enum.TryParse<CallKind>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known) || !Enum.IsDefined(known) || char.IsAsciiDigit(text[0]))
        {
            return $"There is no kind of call '{text}'.";
        }

        kind = known;
        return null;
    }

    /// <summary>Reads the id of a call or of an import.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The parameter, and what the id names: <c>call</c> or <c>import</c>.</param>
    /// <param name="id">The id; null if the parameter is absent.</param>
    public static string? ReadId(this HttpRequest request, string name, out Ulid? id)
    {
        id = null;
        if (request.Text(name) is not { } text)
        {
            return null;
        }

        if (!Ulid.TryParse(text, out var known))
        {
            return $"'{text}' is no {name}'s id: a ULID.";
        }

        id = known;
        return null;
    }

    /// <summary>Reads a flag: true or false; false if the parameter is absent.</summary>
    public static string? ReadFlag(this HttpRequest request, string name, out bool flag)
    {
        flag = false;
        return !request.Query.ContainsKey(name) || bool.TryParse(request.Query[name].ToString(), out flag) ? null : $"'{name}' is true or false.";
    }
}
