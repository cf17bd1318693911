using System.Collections;
using System.Runtime.CompilerServices;

namespace CioOrleans.Calls;

/// <summary>One header of a call. Each character of name and value is one byte on the wire (Latin-1), so any bytes survive unchanged.</summary>
/// <param name="Name">Not empty, without colon and line feed.</param>
/// <param name="Value">Without line feed.</param>
public readonly record struct CallHeader(string Name, string Value);

/// <summary>
/// The headers of a call: an immutable list, without credentials, length and hop-by-hop headers. The constructor checks the structure: a name holds no colon,
/// and neither a name nor a value holds a line feed or a character above U+00FF. <see cref="CallRules"/> decides which headers are sent.
/// </summary>
[CollectionBuilder(typeof(CallHeaders), nameof(Create))]
public sealed class CallHeaders : IReadOnlyList<CallHeader>, IEquatable<CallHeaders>
{
    // The bytes around name and value in a request: a colon, a space and the end of the line.
    private const int Overhead = 4;

    // Lists that all calls of an SDK share are short; the text of a long one would take memory for one call alone.
    private const int MaxKeptText = 1024;

    private readonly CallHeader[] _headers;
    private string? _lines;
    private bool _isSendable;

    private CallHeaders(CallHeader[] headers)
    {
        _headers = headers;
        foreach (var (name, value) in headers)
        {
            if (string.IsNullOrEmpty(name) || value is null || HasForeign(name) || HasForeign(value) || name.Contains(':', StringComparison.Ordinal))
            {
                throw new ArgumentException("A header's name or value cannot be written as one line of bytes.", nameof(headers));
            }

            Size += name.Length + value.Length + Overhead;
        }
    }

    /// <summary>No headers.</summary>
    public static CallHeaders None { get; } = new([]);

    /// <summary>The bytes that the headers take in a request.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public int Count => _headers.Length;

    /// <inheritdoc/>
    public CallHeader this[int index] => _headers[index];

    /// <summary>Makes a list of headers, in their order.</summary>
    /// <exception cref="ArgumentException">A name or a value breaks the list's structure.</exception>
    public static CallHeaders Create(ReadOnlySpan<CallHeader> headers) => headers.IsEmpty ? None : new CallHeaders(headers.ToArray());

    /// <summary>The first value of a header; null where it is absent.</summary>
    public string? Find(string name)
    {
        foreach (var header in _headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    /// <summary>The list with one header set, in place of all of the same name.</summary>
    public CallHeaders With(string name, string value) =>
        [.. _headers.Where(header => !header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)), new CallHeader(name, value)];

    /// <summary>Enumerates without allocating.</summary>
    public ReadOnlySpan<CallHeader>.Enumerator GetEnumerator() => _headers.AsSpan() switch { var span => ((ReadOnlySpan<CallHeader>)span).GetEnumerator() };

    IEnumerator<CallHeader> IEnumerable<CallHeader>.GetEnumerator() => ((IEnumerable<CallHeader>)_headers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _headers.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(CallHeaders? other) => ReferenceEquals(this, other) || (other is not null && _headers.AsSpan().SequenceEqual(other._headers));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CallHeaders);

    /// <inheritdoc/>
    public override int GetHashCode() => _headers.Length == 0 ? 0 : HashCode.Combine(_headers.Length, _headers[0]);

    /// <summary>One <c>Name: value</c> a line, each behind a line feed, and one at the end. A list that is shared by many calls makes it once.</summary>
    public string Lines
    {
        get
        {
            if (_lines is { } known)
            {
                return known;
            }

            var lines = string.Concat("\n", ToString());
            if (lines.Length <= MaxKeptText)
            {
                _lines = lines;
            }

            return lines;
        }
    }

    /// <summary>What keeps one of the headers from being sent; null where nothing does. A list that is shared by many calls is looked at once.</summary>
    public string? WhyUnsendable()
    {
        if (_isSendable)
        {
            return null;
        }

        foreach (var (name, value) in _headers)
        {
            if (CallRules.WhyBadHeader(name, value) is { } problem)
            {
                return problem;
            }
        }

        _isSendable = true;
        return null;
    }

    /// <summary>For people: one <c>Name: value</c> a line. Never parsed.</summary>
    public override string ToString() => string.Concat(_headers.Select(header => $"{header.Name}: {header.Value}\n"));

    private static bool HasForeign(string text) => text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF') || text.Contains('\n', StringComparison.Ordinal);
}
