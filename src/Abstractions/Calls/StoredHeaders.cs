using System.Globalization;
using System.Text;

namespace CioOrleans.Calls;

/// <summary>
/// The text form of a call's headers and notes, one in each line (LF): notes begin with a colon, headers are <c>Name: value</c>. Rows of this version begin
/// with a line feed. A text that begins otherwise was stored by an earlier version, which stored the decoded characters of a header's UTF-8 instead of its
/// bytes.
/// </summary>
public static class StoredHeaders
{
    private const char LineEnd = '\n';
    private const string ImportName = ":import ";
    private const string TraceName = ":trace ";

    private static readonly string[] _keyNames = [":duplicate-key ", ":request ", ":repeated-request "];
    private static readonly InternedHeaders _interned = new();

    [ThreadStatic]
    private static StringBuilder? _scratch;

    /// <summary>The text that the stored headers of every call of an import contain, and those of no other call.</summary>
    public static string ImportLine(Ulid import) => $"{LineEnd}{ImportName}{import}{LineEnd}";

    /// <summary>The text to store.</summary>
    public static string Write(Call call)
    {
        if (call.Notes is { HasKeys: false, Import: null, TraceParent: null })
        {
            return call.Headers.Lines;
        }

        var text = (_scratch ??= new StringBuilder(512)).Clear().Append(LineEnd);
        foreach (var (note, key) in call.Notes.Keys)
        {
            text.Append(_keyNames[(int)note]).Append(key.ToString()).Append(LineEnd);
        }

        if (call.Notes.Import is { } import)
        {
            text.Append(ImportName).Append(import.ToString()).Append(LineEnd);
        }

        // A line of something else could pass for another note.
        if (TraceParents.Valid(call.Notes.TraceParent) is { } trace)
        {
            text.Append(TraceName).Append(trace).Append(LineEnd);
        }

        return text.Append(call.Headers.Lines.AsSpan(1)).ToString();
    }

    /// <summary>Parses a text that <see cref="Write"/> or an earlier version stored.</summary>
    public static (CallHeaders Headers, CallNotes Notes) Read(string text) =>
        text.StartsWith(LineEnd) ? ReadLines(text.AsSpan(1), isEarlier: false) : ReadLines(text, isEarlier: true);

    private static (CallHeaders Headers, CallNotes Notes) ReadLines(ReadOnlySpan<char> rest, bool isEarlier)
    {
        var notes = CallNotes.None;
        var headers = new List<CallHeader>();
        while (!rest.IsEmpty)
        {
            if (!isEarlier && headers.Count == 0 && rest[0] != ':')
            {
                return (ReadInterned(rest), notes);
            }

            var end = rest.IndexOf(LineEnd);
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.StartsWith(':'))
            {
                notes = With(notes, line);
            }
            else if (HeaderOf(line, isEarlier) is { } header)
            {
                headers.Add(header);
            }
        }

        return ([.. headers], notes);
    }

    /// <summary>Parses a text of this version, in which only headers follow the notes.</summary>
    private static CallHeaders ReadInterned(ReadOnlySpan<char> text)
    {
        if (_interned.TryGet(text, out var known))
        {
            return known;
        }

        var headers = new List<CallHeader>();
        foreach (var range in text.Split(LineEnd))
        {
            if (HeaderOf(text[range], isEarlier: false) is { } header)
            {
                headers.Add(header);
            }
        }

        return _interned.Add(text, [.. headers]);
    }

    private static CallHeader? HeaderOf(ReadOnlySpan<char> line, bool isEarlier)
    {
        var colon = line.IndexOf(':');
        if (colon <= 0)
        {
            return null;
        }

        var name = line[..colon];
        var value = line[(colon + 1)..];
        return isEarlier
            ? new CallHeader(ToBytes(name.ToString()), ToBytes(value.Trim(" \t").ToString()))
            : new CallHeader(name.ToString(), value.StartsWith(' ') ? value[1..].ToString() : value.ToString());
    }

    /// <summary>The bytes that an earlier version decoded to these characters.</summary>
    private static string ToBytes(string text) => Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static CallNotes With(CallNotes notes, ReadOnlySpan<char> line)
    {
        for (var i = 0; i < _keyNames.Length; i++)
        {
            if (line.StartsWith(_keyNames[i], StringComparison.Ordinal))
            {
                return DuplicateKey.TryParse(line[_keyNames[i].Length..], out var key) ? notes with { Keys = notes.Keys.Add(new NotedKey((CallNote)i, key)) } : notes;
            }
        }

        if (line.StartsWith(TraceName, StringComparison.Ordinal))
        {
            return notes with { TraceParent = TraceParents.Valid(line[TraceName.Length..].ToString()) };
        }

        return line.StartsWith(ImportName, StringComparison.Ordinal) && Ulid.TryParse(line[ImportName.Length..], CultureInfo.InvariantCulture, out var import)
            ? notes with { Import = import }
            : notes;
    }
}
