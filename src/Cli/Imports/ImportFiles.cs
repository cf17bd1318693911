using System.Text.Json;

namespace CioOrleans.Cli.Imports;

/// <summary>The files of an import.</summary>
/// <param name="Data">The path of the file of people.</param>
/// <param name="State">The path of the file that keeps the import's state.</param>
internal sealed record ImportFiles(string Data, string State)
{
    /// <summary>The path of the file of refused rows. It has JSON lines with <c>row</c> and <c>error</c>.</summary>
    public string Refused => State + ".refused.jsonl";

    public void Refuse(IEnumerable<(long Row, string Error)> rows)
    {
        var lines = rows.Select(Line).ToArray();
        if (lines.Length > 0)
        {
            using var file = new StreamWriter(PrivateFile.Open(Refused, FileMode.Append));
            Array.ForEach(lines, file.WriteLine);
        }
    }

    private static string Line((long Row, string Error) row)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, PersonJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("row", row.Row);
            json.WriteString("error", row.Error);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
