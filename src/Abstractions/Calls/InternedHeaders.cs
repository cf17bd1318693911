using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace CioOrleans.Calls;

/// <summary>
/// Shares equal lists of headers. An SDK sends the same headers with every call, so one list saves the allocation for each call and the memory of many waiting
/// calls. Safe for use from all threads.
/// </summary>
public sealed class InternedHeaders
{
    private const int MaxEntries = 256;
    private const int MaxTextLength = 1024;

    private readonly ConcurrentDictionary<string, CallHeaders> _headers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CallHeaders>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private int _count;

    public InternedHeaders() => _byText = _headers.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryGet(ReadOnlySpan<char> text, [NotNullWhen(true)] out CallHeaders? headers) => _byText.TryGetValue(text, out headers);

    /// <summary>Adds headers under their text, unless the text is longer than <see cref="MaxTextLength"/>.</summary>
    public CallHeaders Add(ReadOnlySpan<char> text, CallHeaders headers)
    {
        if (text.Length <= MaxTextLength && _byText.TryAdd(text, headers) && Interlocked.Increment(ref _count) >= MaxEntries)
        {
            // A header that differs in each request would fill any cache, so the cache is emptied when it is full.
            _headers.Clear();
            Interlocked.Exchange(ref _count, 0);
        }

        return headers;
    }
}
