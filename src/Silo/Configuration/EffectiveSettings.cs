using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.KeyPerFile;

namespace CioOrleans.Silo.Configuration;

/// <summary>A setting, its value in this process, and where that comes from.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Value">The value; null for a secret, and if the setting has none.</param>
/// <param name="IsSecret">Whether the setting has a value that is not shown.</param>
/// <param name="Source">Where the value comes from: <c>default</c>, a file, an environment variable, the command line.</param>
/// <param name="Meaning">What the setting does.</param>
public sealed record EffectiveSetting(string Key, string? Value, bool IsSecret, string Source, string Meaning);

/// <summary>Reads the settings of this process as an operator may see them.</summary>
public static class EffectiveSettings
{
    private const string Default = "default";

    /// <summary>All settings under <c>Dispatcher</c>, in the order of the documentation. A secret's text is not kept, and so neither is its length.</summary>
    /// <param name="configuration">The whole configuration.</param>
    public static IReadOnlyList<EffectiveSetting> Read(IConfiguration configuration)
    {
        var catalog = new SettingsCatalog();
        DispatcherSettingsReader.Read(configuration, catalog);
        return [.. catalog.Texts.Select(setting => Describe(setting, configuration))];
    }

    private static EffectiveSetting Describe(SettingText setting, IConfiguration configuration)
    {
        var description = SettingDescriptions.All[setting.Path];
        var isGiven = setting.Text is not null || setting.IsSecret;
        var standard = description.Default?.Replace("`", "", StringComparison.Ordinal) ?? setting.Default;
        return new EffectiveSetting(
            setting.Key,
            isGiven ? setting.Text : standard is SettingsCatalog.None or SettingsCatalog.Required ? null : standard,
            setting.IsSecret,
            isGiven ? SourceOf(setting.Key, configuration) : Default,
            description.Meaning.Replace("`", "", StringComparison.Ordinal));
    }

    /// <summary>The source that decides a key: the last one that has it.</summary>
    private static string SourceOf(string key, IConfiguration configuration) =>
        (configuration as IConfigurationRoot)?.Providers.Reverse().Where(provider => provider.TryGet(key, out _)).Select(provider => Name(provider, key)).FirstOrDefault() ?? "code";

    private static string Name(IConfigurationProvider provider, string key) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => $"environment variable {key.Replace(":", "__", StringComparison.Ordinal)}",
        CommandLineConfigurationProvider => "command line",
        KeyPerFileConfigurationProvider => "file in SecretsFolder",
        FileConfigurationProvider file => $"file {file.Source.Path}",
        ChainedConfigurationProvider chained => SourceOf(key, chained.Configuration),
        _ => "code",
    };
}
