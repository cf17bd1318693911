using CioOrleans.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class SettingsDocumentTests
{
    [Fact]
    public void Every_setting_is_described_once_and_every_description_belongs_to_a_setting() =>
        Assert.Equal(
            SettingDescriptions.All.Keys.Order(StringComparer.Ordinal),
            SettingsCatalog.Read().Entries.Select(entry => entry.Path).Order(StringComparer.Ordinal));
}
