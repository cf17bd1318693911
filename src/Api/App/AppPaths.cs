using System.Buffers;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.App;

/// <summary>Classifies the paths of the App API.</summary>
internal static class AppPaths
{
    /// <summary>The prefix of the addresses of stored sends' results.</summary>
    public const string Results = "/dispatch/sends/";

    private static readonly SearchValues<char> _odd = SearchValues.Create("%\\;ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private const int MostEncodings = 4;
    private const string Root = "/v1/";
    private const string Sends = "/v1/send/";
    private const string Campaigns = "/v1/campaigns/";
    private const string Triggers = "/triggers";

    /// <summary>
    /// Classifies a request. <paramref name="subject"/> is the kind of message of a <see cref="AppPath.Send"/>, the receipt of a
    /// <see cref="AppPath.Result"/>, otherwise empty.
    /// </summary>
    public static AppPath Find(string method, ReadOnlySpan<char> path, out ReadOnlySpan<char> subject)
    {
        subject = default;
        if (path.StartsWith(Results, StringComparison.Ordinal))
        {
            subject = path[Results.Length..];
            return AppPath.Result;
        }

        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            return AppPath.None;
        }

        if (!HttpMethods.IsPost(method))
        {
            return AppPath.Query;
        }

        if (IsTriggerOfAnyId(path))
        {
            return AppPath.Broadcast;
        }

        if (IsSpelledOddly(path))
        {
            return Plain(path) is not { } plain || IsSend(plain) ? AppPath.HiddenSend
                : IsRepeatableWithEncodedId(path) ? AppPath.Query
                : Classify(plain);
        }

        if (path.StartsWith(Sends, StringComparison.Ordinal))
        {
            subject = path[Sends.Length..];
            return AppPath.Send;
        }

        return IsTrigger(path) ? AppPath.Broadcast : Classify(path.ToString());
    }

    private static AppPath Classify(string plain) =>
        plain.StartsWith(Root, StringComparison.Ordinal) && AppOperations.IsRepeatable(plain[Root.Length..]) ? AppPath.Query : AppPath.Protected;

    /// <summary>
    /// Whether a POST that may be repeated has percent-encoded characters in its ids, such as <c>%2F</c>, and no server could take the ids for a way to another
    /// path.
    /// </summary>
    private static bool IsRepeatableWithEncodedId(ReadOnlySpan<char> path)
    {
        var written = path[Root.Length..].ToString();
        return AppOperations.IsRepeatable(written) && Uri.UnescapeDataString(written) is var decoded && !decoded.AsSpan().ContainsAny("%\\;") && !decoded.Contains("/.", StringComparison.Ordinal);
    }

    /// <summary>Whether the path triggers a campaign whose id is one segment. The id may contain any character that an SDK percent-encodes.</summary>
    private static bool IsTriggerOfAnyId(ReadOnlySpan<char> path) =>
        IsTrigger(path) && path.Length > Campaigns.Length + Triggers.Length && path[Campaigns.Length..^Triggers.Length] is var id && !id.ContainsAny("/\\;") && !id.StartsWith('.');

    private static bool IsTrigger(ReadOnlySpan<char> path) =>
        path.StartsWith(Campaigns, StringComparison.Ordinal) && path.EndsWith(Triggers, StringComparison.Ordinal);

    private static bool IsSend(string plain) => $"{plain}/".StartsWith(Sends, StringComparison.Ordinal) || IsTrigger(plain);

    /// <summary>Whether a server could normalise the path to another one.</summary>
    private static bool IsSpelledOddly(ReadOnlySpan<char> path) =>
        path.ContainsAny(_odd) || path.Contains("//", StringComparison.Ordinal) || path.Contains("/.", StringComparison.Ordinal) || path.EndsWith('/');

    /// <summary>
    /// The path as the most lenient server would read it: decoded until it no longer changes, without parameters, empty segments and dot segments, in
    /// lower case. Null if it is encoded more than <see cref="MostEncodings"/> times.
    /// </summary>
    private static string? Plain(ReadOnlySpan<char> path)
    {
        var decoded = path.ToString();
        var times = 0;
        while (Uri.UnescapeDataString(decoded) is var next && next != decoded)
        {
            if (++times > MostEncodings)
            {
                return null;
            }

            decoded = next;
        }

        List<string> segments = [];
        foreach (var part in decoded.Replace('\\', '/').Split('/'))
        {
            var segment = part.Split(';')[0].Trim();
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (segment.Length > 0 && segment != ".")
            {
                segments.Add(segment.ToLowerInvariant());
            }
        }

        return $"/{string.Join('/', segments)}";
    }

    /// <summary>
    /// The limit class of a kind of message. A kind that is not known here gets <see cref="LimitClass.TransactionalPush"/>, the least urgent one.
    /// </summary>
    public static LimitClass ClassOf(ReadOnlySpan<char> kind, SendSettings settings) => kind switch
    {
        "email" => LimitClass.TransactionalEmail,
        "sms" => settings.Sms,
        "in_app" => settings.InApp,
        "inbox_message" => settings.InboxMessage,
        _ => LimitClass.TransactionalPush,
    };
}
