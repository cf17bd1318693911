using System.Text.Json;
using CioOrleans.Silo.Configuration;
using CioOrleans.Testing;
using CioOrleans.Testing.Processes;
using Microsoft.Extensions.Configuration;

namespace CioOrleans.Operating.Tests;

/// <summary>samples/AppHost describes what it would run. It starts nothing of it, because PostgreSQL needs a container.</summary>
public sealed class AppHostTests
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_app_host_describes_a_cluster_whose_settings_are_valid()
    {
        using var folder = new DataFolder();
        var resources = await DescribeAsync(folder);

        Assert.Equal(
            ["cio", "front-end", "newsletter", "postgres", "postgres-password", "sandbox", "silo-1", "silo-2", "silo-3"],
            resources.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            resources.Values.Where(resource => resource.TryGetProperty("path", out _)),
            project => Assert.True(File.Exists(Path.Combine(folder.Path, project.GetProperty("path").GetString()!))));
        string[] dispatchers = ["silo-1", "silo-2", "silo-3", "front-end"];
        var settings = dispatchers.Select(name => Read(Environment(resources[name]))).ToList();
        Assert.Equal([ClusterMode.Silo, ClusterMode.Silo, ClusterMode.Silo, ClusterMode.Client], settings.Select(process => process.Cluster.Mode));
        Assert.All(settings, process => Assert.Equal((StorageProvider.Postgres, "Host=db;Database=cio"), (process.Storage.Provider, process.Storage.ConnectionString)));
        Assert.Equal([11111, 11112, 11113], settings.Take(3).Select(silo => silo.Cluster.SiloPort));
        Assert.Equal([30001, 30002, 30003], settings.Take(3).Select(silo => silo.Cluster.GatewayPort));
        var addresses = resources.Values.Select(Environment).SelectMany(variables => variables.Where(variable => variable.Key is "Urls" or "Sandbox__Url" or "Dispatcher__Admin__Url")).Select(variable => variable.Value).ToList();
        Assert.Equal(addresses.Count, addresses.Distinct().Count());
        Assert.All(dispatchers, name => Assert.Equal(Environment(resources["sandbox"])["Sandbox__Url"], Environment(resources[name])["Dispatcher__Workspaces__demo__TrackUrl"]));
        Assert.Equal("Host=db;Database=cio", Environment(resources["newsletter"])["ConnectionStrings__Dispatcher"]);
    }

    private static async Task<Dictionary<string, JsonElement>> DescribeAsync(DataFolder folder)
    {
        var manifest = folder.File("manifest.json");
        await using var host = ChildProcess.Start(
            "dotnet", [BuildPaths.AppHostAssembly, "--publisher", "manifest", "--output-path", manifest], folder: Path.GetDirectoryName(BuildPaths.AppHostAssembly));
        Assert.True(await host.WaitAsync() == 0, host.Output);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(manifest));
        return document.RootElement.Clone().GetProperty("resources").EnumerateObject().ToDictionary(resource => resource.Name, resource => resource.Value);
    }

    /// <summary>The environment variables of a resource, with a database in place of the reference to it.</summary>
    private static Dictionary<string, string?> Environment(JsonElement resource) => resource.TryGetProperty("env", out var variables)
        ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString()?.Replace("{cio.connectionString}", "Host=db;Database=cio", StringComparison.Ordinal))
        : [];

    private static DispatcherSettings Read(Dictionary<string, string?> environment) => Assert.IsType<SettingsResult.Valid>(DispatcherSettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(environment.Select(variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), variable.Value))).Build())).Settings;
}
