using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace CioOrleans.Settings.Tests;

/// <summary>The settings of a dispatcher in a silo of another service.</summary>
public sealed class SectionSettingsTests
{
    private static readonly (string Key, string Value)[] _workspace =
        [("Workspaces:acme:SiteId", "site"), ("Workspaces:acme:ApiKey", "key"), ("Workspaces:acme:Region", "eu")];

    [Fact]
    public void A_section_of_any_name_is_read()
    {
        var settings = Valid("Mail", _workspace);

        Assert.Equal(["acme"], settings.Workspaces.Keys);
        Assert.Equal(StorageProvider.Sqlite, settings.Storage.Provider);
    }

    [Fact]
    public void A_storage_that_is_given_in_code_has_precedence()
    {
        var settings = Valid(
            "Dispatcher", [.. _workspace, ("Storage:ConnectionString", "Data Source=other.db")], options => options.UsePostgres("Host=db;Database=cio;Username=cio"));

        Assert.Equal(StorageProvider.Postgres, settings.Storage.Provider);
        Assert.Contains("Host=db", settings.Storage.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_name_the_keys_of_the_section() => Assert.Equal(
        ["Mail:Workspaces:acme:AttemptTimeout = 'soon': expected a duration from 100ms to 1m, such as '250ms', '1s' or '2m'."],
        Errors("Mail", [.. _workspace, ("Workspaces:acme:AttemptTimeout", "soon")]));

    [Fact]
    public void A_clustering_in_the_section_is_refused_because_the_service_has_its_own() => Assert.Equal(
        ["Dispatcher:Cluster changes nothing in a silo of another service: expected that service's own clustering."],
        Errors("Dispatcher", [.. _workspace, ("Cluster:ClusterId", "mine")]));

    [Fact]
    public void No_demonstration_runs_inside_another_service() => Assert.Equal(
        ["Dispatcher:Workspaces is missing: expected at least one workspace."], Errors("Dispatcher", []));

    private static DispatcherSettings Valid(string name, (string Key, string Value)[] values, Action<CioDispatcherOptions>? configure = null) =>
        Assert.IsType<SettingsResult.Valid>(Read(name, values, configure)).Settings;

    private static IReadOnlyList<string> Errors(string name, (string Key, string Value)[] values) =>
        Assert.IsType<SettingsResult.Invalid>(Read(name, values, null)).Errors;

    private static SettingsResult Read(string name, (string Key, string Value)[] values, Action<CioDispatcherOptions>? configure)
    {
        var options = new CioDispatcherOptions();
        configure?.Invoke(options);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"{name}:{value.Key}", (string?)value.Value))).Build();
        return SectionSettings.Read(configuration.GetSection(name), options.Storage);
    }
}
