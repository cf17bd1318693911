using System.Buffers;
using System.Collections.Frozen;

namespace CioOrleans.Calls;

/// <summary>
/// Which calls can be sent as one request to the configured host. The rules are checked when a call is accepted, and again when its request is built: a stored
/// call may come from an earlier version or from a co-hosted service.
/// </summary>
public static class CallRules
{
    /// <summary>The maximum size of the headers that are stored with one call, in bytes.</summary>
    public const int MaxHeaderBytes = 4 * 1024;

    /// <summary>The maximum size of the headers that are stored with each operation of a batch, in bytes.</summary>
    private const int MaxOperationHeaderBytes = 512;
    private const int MaxOperationValueLength = 150;

    /// <summary>The header that belongs to a service account's token.</summary>
    public const string WorkspaceId = "X-Workspace-Id";

    private const string Connection = "Connection";
    private const string ForwardedPrefix = "X-Forwarded-";

    private static readonly string[] _hopByHop =
    [
        Connection, "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    ];

    private static readonly FrozenSet<string> _dropped = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        [.. _hopByHop, "Host", "Authorization", WorkspaceId, "Content-Length", "Content-Encoding", "Expect", "Accept-Encoding", "Idempotency-Key", "X-Retry-Count",
        "X-Dispatch-After", "Prefer", "Forwarded", "Via", "Cookie"]);

    private static readonly FrozenSet<string> _ofOperations = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, ["Content-Type", "User-Agent", "X-Strict-Mode"]);

    private static readonly SearchValues<char> _token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // C0 and DEL. Higher bytes are part of UTF-8 or Latin-1 and are kept.
    private static readonly SearchValues<char> _controls = SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Select(c => (char)c)]);

    /// <summary>Why a call can never be sent, in words that hold none of its values; null if it can be sent.</summary>
    public static string? WhyUnsendable(Call call)
    {
        if (!IsToken(call.Method))
        {
            return "The method is no token.";
        }

        if (WhyBadTarget(call.Target) is { } target)
        {
            return target;
        }

        return call.Headers.WhyUnsendable();
    }

    /// <summary>Refuses a call that can never be sent, or whose headers are too large to be stored.</summary>
    /// <exception cref="ArgumentException">The call is refused. The message says why.</exception>
    public static void ThrowIfRefused(Call call)
    {
        if (WhyUnsendable(call) is { } problem)
        {
            throw new ArgumentException(problem, nameof(call));
        }

        if (call.Headers.Size > MaxHeaderBytes)
        {
            throw new ArgumentException(TooLarge(call.Headers), nameof(call));
        }
    }

    /// <summary>The message for headers that are larger than <see cref="MaxHeaderBytes"/>.</summary>
    public static string TooLarge(CallHeaders headers) => $"The headers that are stored with a call take {headers.Size} bytes, more than {MaxHeaderBytes}. Send fewer or shorter ones.";

    /// <summary>
    /// The headers that are stored with each operation of a batch: all headers if they are small, otherwise only the content type, the user agent and
    /// <c>X-Strict-Mode</c>.
    /// </summary>
    public static CallHeaders OfEachOperation(CallHeaders headers) => headers.Size <= MaxOperationHeaderBytes
        ? headers
        : [.. headers.Where(header => _ofOperations.Contains(header.Name) && header.Value.Length <= MaxOperationValueLength)];

    /// <summary>What is wrong with a request target; null if it is valid. It must be an absolute path with an optional query.</summary>
    public static string? WhyBadTarget(string target) =>
        !target.StartsWith('/') || target.StartsWith("//", StringComparison.Ordinal) ? "The request target must begin with one slash."
        : target.AsSpan().ContainsAnyExceptInRange('!', '~') || target.Contains('#', StringComparison.Ordinal)
            ? "The request target holds a character that must be percent-encoded."
        : null;

    /// <summary>What is wrong with a header; null if it is valid.</summary>
    public static string? WhyBadHeader(string name, string value) =>
        !IsToken(name) ? "The name of a header is no token."
        : value.AsSpan().ContainsAny(_controls) ? $"The value of the header {name} holds a control character."
        : null;

    /// <summary>Whether a text is a valid name of a header or a method (RFC 9110, 5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(_token);

    /// <summary>Whether a header belongs to one connection and is not forwarded (RFC 9110, 7.6.1).</summary>
    public static bool IsHopByHop(string name) => _hopByHop.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a header is never sent to Customer.io: it belongs to one connection, one hop or one attempt, names proxies in front of the dispatcher, or
    /// carries credentials or the host, which the dispatcher sets itself.
    /// </summary>
    /// <param name="name">The header's name.</param>
    /// <param name="connection">The value of <c>Connection</c> in the same request; null if there is none. The headers that it names are not sent.</param>
    public static bool IsDropped(string name, string? connection) =>
        _dropped.Contains(name)
        || name.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase)
        || (connection is not null && IsNamedIn(connection, name));

    /// <summary>The headers that are sent; the same list if all of them are.</summary>
    public static CallHeaders Kept(CallHeaders headers)
    {
        var connection = headers.Find(Connection);
        foreach (var (name, _) in headers)
        {
            if (IsDropped(name, connection))
            {
                var named = string.Join(',', headers.Where(header => header.Name.Equals(Connection, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value));
                return [.. headers.Where(header => !IsDropped(header.Name, named))];
            }
        }

        return headers;
    }

    private static bool IsNamedIn(string connection, string name)
    {
        foreach (var token in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan(token).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
