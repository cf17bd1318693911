using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CioOrleans.EndToEnd.Wire;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Method">Of the request line.</param>
/// <param name="Target">Path and query exactly as they stood there.</param>
/// <param name="Headers">One <c>name: value</c> a line, names in lower case, in the order of their names.</param>
/// <param name="Body">Byte for byte.</param>
internal sealed partial record WireRequest(string Method, string Target, string Headers, byte[] Body)
{
    // They concern one connection, or follow from the body's length, which stamping changes.
    private static readonly string[] _hop = ["host", "connection", "content-length", "transfer-encoding", "accept-encoding"];

    /// <summary>Keeps the headers that an SDK's request and the dispatcher's must have in common.</summary>
    public static string HeadersOf(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> headers) => string.Join('\n', headers
        .Where(header => !_hop.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
        .Select(header => $"{header.Key.ToLowerInvariant()}: {header.Value}")
        .Order(StringComparer.Ordinal));

    /// <summary>
    /// What the request says, one text for each of its operations: a batch is taken apart, because the dispatcher puts others together. What
    /// stamping adds is taken off, and nothing else is touched.
    /// </summary>
    public IEnumerable<string> ToComparable() => Target is "/api/v2/batch" or "/api/v2/entity"
        ? Operations().Select(operation => $"operation\n{Headers}\n\n{Unstamped(operation)}")
        : [$"{Method} {Target}\n{Headers}\n\n{Unstamped(Encoding.UTF8.GetString(Body))}"];

    private List<string> Operations()
    {
        if (Target != "/api/v2/batch")
        {
            return [Encoding.UTF8.GetString(Body)];
        }

        using var document = JsonDocument.Parse(Body);
        return [.. document.RootElement.GetProperty("batch").EnumerateArray().Select(operation => operation.GetRawText())];
    }

    private static string Unstamped(string body) => Stamps().Replace(body, "{", 1);

    /// <summary>The dispatcher's stamps stand right behind the opening brace; what the SDK sends never begins so.</summary>
    [GeneratedRegex("""^\{(?:"id":"[0-7][0-9A-HJKMNP-TV-Z]{25}","timestamp":\d{10}|"id":"[0-7][0-9A-HJKMNP-TV-Z]{25}"|"_?timestamp":\d{10})(?:,|(?=\}))""")]
    private static partial Regex Stamps();
}
