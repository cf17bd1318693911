using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

    [Fact]
    public void A_workspace_can_be_given_in_code_alone()
    {
        var settings = Valid("Dispatcher", [], options => options.AddWorkspace("acme", "site", "key").Set("Workspaces:acme:AttemptTimeout", "7s"));

        Assert.Equal(("site", TimeSpan.FromSeconds(7)), (settings.Workspaces["acme"].SiteId, settings.Workspaces["acme"].AttemptTimeout));
    }

    [Fact]
    public void A_setting_that_is_given_in_code_has_precedence() => Assert.Equal(
        "own", Valid("Dispatcher", _workspace, options => options.Set("Workspaces:acme:SiteId", "own")).Workspaces["acme"].SiteId);

    [Fact]
    public void A_clustering_in_code_is_refused_too() => Assert.Equal(
        ["Dispatcher:Cluster changes nothing in a silo of another service: expected that service's own clustering."],
        Errors("Dispatcher", _workspace, options => options.Set("Cluster:ClusterId", "mine")));

    [Fact]
    public void The_settings_are_offered_as_options()
    {
        using var services = Options(new SettingsResult.Valid(Valid("Dispatcher", _workspace)));

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(["acme"], services.GetRequiredService<IOptions<DispatcherSettings>>().Value.Workspaces.Keys);
    }

    [Fact]
    public void Wrong_settings_stop_the_start()
    {
        using var services = Options(new SettingsResult.Invalid(["one", "two"]));

        Assert.Equal(["one", "two"], Assert.Throws<DispatcherSettingsException>(services.GetRequiredService<IStartupValidator>().Validate).Errors);
    }

    [Fact]
    public void A_rule_of_the_service_stops_the_start()
    {
        using var services = Options(
            new SettingsResult.Valid(Valid("Dispatcher", _workspace)),
            added => added.AddOptions<DispatcherSettings>().Validate(settings => settings.Workspaces.ContainsKey("beta"), "beta is missing"));

        Assert.Equal(["beta is missing"], Assert.Throws<DispatcherSettingsException>(services.GetRequiredService<IStartupValidator>().Validate).Errors);
    }

    private static ServiceProvider Options(SettingsResult settings, Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection();
        services.AddSettings(settings);
        add?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private static DispatcherSettings Valid(string name, (string Key, string Value)[] values, Action<CioDispatcherOptions>? configure = null) =>
        Assert.IsType<SettingsResult.Valid>(Read(name, values, configure)).Settings;

    private static IReadOnlyList<string> Errors(string name, (string Key, string Value)[] values, Action<CioDispatcherOptions>? configure = null) =>
        Assert.IsType<SettingsResult.Invalid>(Read(name, values, configure)).Errors;

    private static SettingsResult Read(string name, (string Key, string Value)[] values, Action<CioDispatcherOptions>? configure)
    {
        var options = new CioDispatcherOptions();
        configure?.Invoke(options);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"{name}:{value.Key}", (string?)value.Value))).Build();
        return SectionSettings.Read(configuration.GetSection(name), options.Settings);
    }
}
