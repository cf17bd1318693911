using System.Runtime.CompilerServices;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class SettingsDocumentTests
{
    [Fact]
    public void Every_setting_is_described_once_and_every_description_belongs_to_a_setting() =>
        Assert.Equal(
            SettingDescriptions.All.Keys.Order(StringComparer.Ordinal),
            SettingsCatalog.Read().Entries.Select(entry => entry.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void The_table_in_the_documentation_is_what_the_command_prints() =>
        Assert.EndsWith($"\n\n{SettingsDocument.Write()}", File.ReadAllText(Path.Combine(Here(), "../../docs/configuration.md")), StringComparison.Ordinal);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
