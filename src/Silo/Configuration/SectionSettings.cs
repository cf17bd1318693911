namespace CioOrleans.Silo.Configuration;

/// <summary>Reads the settings of a dispatcher in a silo of another service: a section of that service's configuration.</summary>
internal static class SectionSettings
{
    private const string Root = "Dispatcher";

    private const string Cluster = "Cluster";

    /// <summary>Reads a section, which may have any name.</summary>
    /// <param name="section">The section. The files of its <c>SecretsFolder</c> are read as settings too.</param>
    /// <param name="inCode">Settings that the service gives in code, by their keys below the section. They have precedence.</param>
    public static SettingsResult Read(IConfigurationSection section, IReadOnlyCollection<KeyValuePair<string, string?>> inCode)
    {
        var sources = new ConfigurationBuilder().AddInMemoryCollection(
            section.AsEnumerable(makePathsRelative: true).Where(pair => pair.Key.Length > 0 && !IsOfCluster(pair.Key)).Select(pair => KeyValuePair.Create($"{Root}:{pair.Key}", pair.Value)));
        if (section[SecretsFolder.Setting] is { Length: > 0 } folder && SecretsFolder.AddTo(sources, folder, $"{section.Path}:{SecretsFolder.Setting}") is { } error)
        {
            return new SettingsResult.Invalid([error]);
        }

        sources.AddInMemoryCollection(inCode.Where(pair => !IsOfCluster(pair.Key)).Select(pair => KeyValuePair.Create($"{Root}:{pair.Key}", pair.Value)));
        var result = DispatcherSettingsReader.Read(sources.Build());
        List<string> errors = [.. ErrorsOf(result).Select(line => InSection(line, section.Path))];
        if (section.GetSection(Cluster).Exists() || inCode.Any(pair => IsOfCluster(pair.Key)))
        {
            errors.Add($"{section.Path}:{Cluster} changes nothing in a silo of another service: expected that service's own clustering.");
        }

        return errors.Count == 0 ? result : new SettingsResult.Invalid(errors);
    }

    /// <summary>The errors of the reader, and what only a demonstration may leave out.</summary>
    private static IEnumerable<string> ErrorsOf(SettingsResult result) => result switch
    {
        SettingsResult.Invalid invalid => invalid.Errors,
        SettingsResult.Valid { Settings.IsDemo: true } => [$"{Root}:Workspaces is missing: expected at least one workspace."],
        SettingsResult.Valid valid => valid.Settings.Workspaces.Values.Select(WorkspaceReader.RefuseLease).OfType<string>(),
        _ => [],
    };

    private static bool IsOfCluster(string key) =>
        key.Equals(Cluster, StringComparison.OrdinalIgnoreCase) || key.StartsWith($"{Cluster}:", StringComparison.OrdinalIgnoreCase);

    private static string InSection(string line, string path) =>
        line.StartsWith($"{Root}:", StringComparison.Ordinal) ? string.Concat(path, line.AsSpan(Root.Length)) : line;
}
