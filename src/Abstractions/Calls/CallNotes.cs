namespace CioOrleans.Calls;

/// <summary>
/// The duplicate keys of a call: lines at the start of <see cref="Call.Headers"/> that begin with a colon, so that they are stored with the
/// call and never sent. A line that is not known here is somebody else's, and is passed over.
/// </summary>
public static class CallNotes
{
    private static readonly string[] _names = [":duplicate-key ", ":request ", ":repeated-request "];

    /// <summary>Whether there can be keys at all; costs nothing.</summary>
    public static bool MayHaveKeys(string headers) => headers.StartsWith(':');

    /// <summary>The headers with a key in front.</summary>
    public static string With(string headers, CallNote note, DuplicateKey key) => string.Concat(_names[(int)note], key.ToString(), "\n", headers);

    /// <summary>The keys of a call.</summary>
    public static Enumerator Read(string headers) => new(headers);

    /// <summary>Whether a call has a key, in whatever meaning.</summary>
    public static bool Contains(string headers, DuplicateKey key)
    {
        if (MayHaveKeys(headers))
        {
            foreach (var (_, other) in Read(headers))
            {
                if (other == key)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Goes over the keys of a call without allocating.</summary>
    public ref struct Enumerator(string headers)
    {
        private ReadOnlySpan<char> _rest = headers;

        /// <summary>The key that <see cref="MoveNext"/> came to, and how it is meant.</summary>
        public (CallNote Note, DuplicateKey Key) Current { get; private set; }

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_rest.StartsWith(':'))
            {
                var end = _rest.IndexOf('\n');
                var line = end < 0 ? _rest : _rest[..end];
                _rest = end < 0 ? default : _rest[(end + 1)..];
                for (var i = 0; i < _names.Length; i++)
                {
                    if (line.StartsWith(_names[i], StringComparison.Ordinal) && DuplicateKey.TryParse(line[_names[i].Length..], out var key))
                    {
                        Current = ((CallNote)i, key);
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
