namespace CioOrleans.Silo.Configuration;

/// <summary>The folder of <c>SecretsFolder</c>: a file for each secret, whose name is the setting's.</summary>
internal static class SecretsFolder
{
    /// <summary>The name of the setting.</summary>
    public const string Setting = "SecretsFolder";

    /// <summary>Adds the files as settings. Returns the error if there is no such folder.</summary>
    /// <param name="sources">Gets the settings.</param>
    /// <param name="folder">The value of the setting.</param>
    /// <param name="key">The key of the setting, for the error.</param>
    public static string? AddTo(IConfigurationBuilder? sources, string folder, string key)
    {
        if (sources is null || !Directory.Exists(folder))
        {
            return $"{key} = '{folder}': expected a folder with a file for each secret, such as Dispatcher__Workspaces__acme__ApiKey.";
        }

        sources.AddKeyPerFile(Path.GetFullPath(folder), optional: false);
        return null;
    }
}
