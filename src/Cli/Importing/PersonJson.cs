using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CioOrleans.Cli.Importing;

/// <summary>How people are written.</summary>
internal static partial class PersonJson
{
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As JSON writes numbers: what begins with a zero, a postcode say, is text, and so is what has more digits than a number keeps.</summary>
    public static bool IsNumber(string cell) => cell.Length <= 15 && Number().IsMatch(cell);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
