using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Api.Forwarding;

/// <summary>
/// The headers of a request that go on to Customer.io, as <see cref="Calls.Call.Headers"/> holds them. Dropped are those that concern
/// one connection, one hop or one attempt, those of proxies on the way here, and the credentials: the dispatcher sends its own.
/// </summary>
internal sealed class KeptHeaders
{
    private const int MaxCached = 256;
    private const int MaxCachedLength = 1024;
    private const string ForwardedPrefix = "X-Forwarded-";

    private static readonly string[] _hopByHop =
    [
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    ];

    private static readonly FrozenSet<string> _dropped = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        [.. _hopByHop, "Host", "Authorization", "Content-Length", "Content-Encoding", "Expect", "Accept-Encoding", "Idempotency-Key", "X-Retry-Count",
        "X-Dispatch-After", "Prefer", "Forwarded", "Via", "Cookie"]);

    [ThreadStatic]
    private static ArrayBufferWriter<char>? _scratch;

    // An SDK sends the same headers with every call. One string for all of them spares its making, and the memory of a million waiting calls.
    private readonly ConcurrentDictionary<string, string> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _cached;
    private int _cachedCount;

    public KeptHeaders() => _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>One <c>Name: value</c> a line. A <c>Content-Encoding</c> is dropped as well: bodies are kept decoded.</summary>
    public string Of(IHeaderDictionary headers)
    {
        var scratch = _scratch ??= new ArrayBufferWriter<char>(512);
        scratch.ResetWrittenCount();
        foreach (var (name, values) in headers)
        {
            if (IsDropped(name, headers.Connection))
            {
                continue;
            }

            foreach (var value in values)
            {
                scratch.Write(name);
                scratch.Write(": ");
                scratch.Write(value);
                scratch.Write("\n");
            }
        }

        return Intern(scratch.WrittenSpan);
    }

    /// <summary>The headers that are kept, one by one.</summary>
    public static IEnumerable<KeyValuePair<string, StringValues>> Select(IHeaderDictionary headers) => headers.Where(h => !IsDropped(h.Key, headers.Connection));

    public static bool IsHopByHop(string name) => _hopByHop.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool IsDropped(string name, StringValues connection) =>
        _dropped.Contains(name)
        || name.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(':')
        || (connection.Count > 0 && IsNamedIn(connection, name));

    /// <summary>RFC 9110, 7.6.1: a header that <c>Connection</c> names concerns this hop alone.</summary>
    private static bool IsNamedIn(StringValues connection, string name)
    {
        foreach (var line in connection)
        {
            foreach (var token in line.AsSpan().Split(','))
            {
                if (line.AsSpan(token).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private string Intern(ReadOnlySpan<char> headers)
    {
        if (_cached.TryGetValue(headers, out var cached))
        {
            return cached;
        }

        var made = headers.ToString();
        if (made.Length <= MaxCachedLength && _cache.TryAdd(made, made) && Interlocked.Increment(ref _cachedCount) >= MaxCached)
        {
            // A header that differs in each request would fill any cache: start again rather than keep what never comes back.
            _cache.Clear();
            Interlocked.Exchange(ref _cachedCount, 0);
        }

        return made;
    }
}
