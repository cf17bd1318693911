using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CioOrleans.Cli.Imports;

/// <summary>The JSON form of people.</summary>
internal static partial class PersonJson
{
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Whether a cell is a number as JSON writes it. False for leading zeros, as in a postcode, and for more than 15 characters, which a number would not
    /// keep.
    /// </summary>
    public static bool IsNumber(string cell) => cell.Length <= 15 && Number().IsMatch(cell);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
