using CioOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class SecretsFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cio-secrets-");

    [Fact]
    public void A_file_of_the_folder_is_a_setting_and_its_last_line_end_is_not_part_of_it()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "Dispatcher__Workspaces__acme__ApiKey"), "from-a-file\n");
        using var configuration = Configuration(_folder.FullName);

        Assert.Equal(("site", "from-a-file"), (ProcessStart.ReadSettings(configuration)!.Workspaces["acme"].SiteId, ProcessStart.ReadSettings(configuration)!.Workspaces["acme"].ApiKey));
    }

    [Fact]
    public void A_folder_that_is_not_there_stops_the_start()
    {
        using var configuration = Configuration(Path.Combine(_folder.FullName, "nowhere"));

        Assert.Null(ProcessStart.ReadSettings(configuration));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static ConfigurationManager Configuration(string folder)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([KeyValuePair.Create("Dispatcher:Workspaces:acme:SiteId", (string?)"site"), KeyValuePair.Create("Dispatcher:SecretsFolder", (string?)folder)]);
        return configuration;
    }
}
