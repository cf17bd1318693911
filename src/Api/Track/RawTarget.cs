using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace CioOrleans.Api.Track;

/// <summary>
/// The request target as in the request line. It is not decoded, so that <c>%2F</c> in an id is not a separator. All APIs read it here, so that they all take
/// the same spellings of a path: see <see cref="ToPlainForm"/>.
/// </summary>
internal static class RawTarget
{
    /// <summary>An identifier is missing at their end, which is answered 400.</summary>
    private static readonly string[] _incomplete = ["/api/v1/customers/", "/unsubscribe/"];

    private static readonly string[] _roots = ["api", "v1", "v2", "unsubscribe", "push"];

    /// <summary>Path and query of a request, in plain form.</summary>
    public static string Of(HttpContext context) => ToPlainForm(ToOriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));

    /// <summary>
    /// Brings three harmless spellings of a path into the documented form: percent-encoded letters, digits, <c>-</c>, <c>_</c> and <c>~</c> are decoded (RFC
    /// 3986 makes both forms equal); empty segments before and behind a root (<c>//api/v1//customers/…</c>, where a base URL ends with a slash) are removed;
    /// one slash at the end is removed. An empty segment further on is kept, because an identifier belongs there. Every other target stays as it is.
    /// </summary>
    public static string ToPlainForm(string target)
    {
        var path = PathOf(target);
        if (target.StartsWith("//", StringComparison.Ordinal) && !BeginsWithRoot(DecodePlain(path)))
        {
            // It could be read as an authority, and is refused.
            return target;
        }

        if (!path.Contains("//", StringComparison.Ordinal) && (path.Length < 2 || path[^1] != '/') && !path.Contains('%'))
        {
            return target;
        }

        var plain = WithoutEmptyRoots(DecodePlain(path));
        if (plain.Length > 1 && plain[^1] == '/' && plain[^2] != '/' && Array.IndexOf(_incomplete, plain) < 0)
        {
            plain = plain[..^1];
        }

        return path.SequenceEqual(plain) ? target : string.Concat(plain, target.AsSpan(path.Length));
    }

    private static string DecodePlain(ReadOnlySpan<char> path)
    {
        var plain = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && i + 2 < path.Length && char.IsAsciiHexDigit(path[i + 1]) && char.IsAsciiHexDigit(path[i + 2])
                && (char)Convert.FromHexString(path.Slice(i + 1, 2))[0] is var decoded && (char.IsAsciiLetterOrDigit(decoded) || decoded is '-' or '_' or '~'))
            {
                plain.Append(decoded);
                i += 2;
            }
            else
            {
                plain.Append(path[i]);
            }
        }

        return plain.ToString();
    }

    private static bool BeginsWithRoot(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, _, ..] && Array.IndexOf(_roots, first) >= 0;

    private static string WithoutEmptyRoots(string path)
    {
        if (!path.Contains("//", StringComparison.Ordinal))
        {
            return path;
        }

        var segments = path.Split('/').AsSpan(1);
        var plain = new StringBuilder(path.Length);
        while (segments.Length > 1 && (segments[0].Length == 0 || Array.IndexOf(_roots, segments[0]) >= 0))
        {
            if (segments[0].Length > 0)
            {
                plain.Append('/').Append(segments[0]);
            }

            segments = segments[1..];
        }

        foreach (var segment in segments)
        {
            plain.Append('/').Append(segment);
        }

        return plain.ToString();
    }

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
