using System.Globalization;
using System.Text;

namespace CioOrleans.Silo.Configuration;

/// <summary>Writes the table of all settings for docs/configuration.md; <c>dotnet run --project src/Api -- settings</c> prints it.</summary>
public static class SettingsDocument
{
    /// <summary>The table, in Markdown.</summary>
    public static string Write()
    {
        var text = new StringBuilder("| Key | Meaning | Default | Allowed |\n|---|---|---|---|\n");
        foreach (var entry in SettingsCatalog.Read().Entries)
        {
            var description = SettingDescriptions.All[entry.Path];
            text.Append(CultureInfo.InvariantCulture, $"| `{entry.Path}` | {Cell(description.Meaning)} | {description.Default ?? Value(entry.Default)} | {Cell((description.Allowed ?? entry.Allowed).Split(", such as")[0])} |\n");
        }

        return text.ToString();
    }

    private static string Value(string text) => text is SettingsCatalog.None or SettingsCatalog.Required ? text : $"`{text}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
