using CioOrleans.Configuration;
using CioOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace CioOrleans.Settings.Tests;

/// <summary>Reads settings from pairs, with the prefix <c>Dispatcher:</c> put before each key.</summary>
internal static class Reading
{
    /// <summary>The least that a workspace needs.</summary>
    public static readonly (string Key, string? Value)[] Acme = [("Workspaces:acme:SiteId", "site"), ("Workspaces:acme:ApiKey", "key")];

    public static SettingsResult Read(params (string Key, string? Value)[] pairs) => DispatcherSettingsReader.Read(Configuration(pairs));

    public static DispatcherSettings Valid(params (string Key, string? Value)[] pairs) =>
        Assert.IsType<SettingsResult.Valid>(Read(pairs)).Settings;

    public static IReadOnlyList<string> Errors(params (string Key, string? Value)[] pairs) =>
        Assert.IsType<SettingsResult.Invalid>(Read(pairs)).Errors;

    /// <summary>The workspace <c>acme</c> with the given keys beside its credentials.</summary>
    public static WorkspaceSettings Workspace(params (string Key, string? Value)[] pairs) => Valid(InAcme(pairs)).Workspaces["acme"];

    public static IReadOnlyList<string> WorkspaceErrors(params (string Key, string? Value)[] pairs) => Errors(InAcme(pairs));

    public static IConfigurationRoot Configuration(params (string Key, string? Value)[] pairs) =>
        new ConfigurationBuilder().AddInMemoryCollection(pairs.Select(pair => KeyValuePair.Create($"Dispatcher:{pair.Key}", pair.Value))).Build();

    private static (string Key, string? Value)[] InAcme((string Key, string? Value)[] pairs) =>
        [.. Acme, .. pairs.Select(pair => ($"Workspaces:acme:{pair.Key}", pair.Value))];
}
