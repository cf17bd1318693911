namespace CioOrleans.Api.Track;

/// <summary>The request target as in the request line. It is not decoded, so that <c>%2F</c> in an id is not a separator.</summary>
internal static class RawTarget
{
    /// <summary>Path and query of a target. Removes the scheme and the authority of a target in absolute form.</summary>
    public static string ToOriginForm(string target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return target;
        }

        var afterScheme = target.AsSpan(scheme + 3);
        var end = afterScheme.IndexOfAny('/', '?');
        return end < 0 ? "/"
            : afterScheme[end] == '?' ? string.Concat("/", afterScheme[end..])
            : afterScheme[end..].ToString();
    }

    /// <summary>The part of a target before its query.</summary>
    public static ReadOnlySpan<char> PathOf(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target.AsSpan(0, query);
    }
}
