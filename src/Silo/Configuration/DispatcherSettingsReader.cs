using CioOrleans.Configuration;
using CioOrleans.Grains.History;

namespace CioOrleans.Silo.Configuration;

/// <summary>Reads and checks everything under <c>Dispatcher</c>: appsettings.json, <c>Dispatcher__…</c> in the environment, the command line.</summary>
public static class DispatcherSettingsReader
{
    private const string Root = "Dispatcher";

    /// <param name="configuration">The whole configuration; only the section <c>Dispatcher</c> is read.</param>
    public static SettingsResult Read(IConfiguration configuration) => Read(configuration, new SettingsCatalog());

    /// <param name="configuration">The whole configuration.</param>
    /// <param name="catalog">Gets an entry for each setting that is read.</param>
    internal static SettingsResult Read(IConfiguration configuration, SettingsCatalog catalog)
    {
        var errors = new SettingsErrors();
        RefuseMisspeltRoot(configuration, errors);
        var settings = Read(configuration, new SettingsNode(configuration.GetSection(Root), errors, catalog));
        return errors.Lines.Count == 0 ? new SettingsResult.Valid(settings) : new SettingsResult.Invalid(errors.Lines);
    }

    private static DispatcherSettings Read(IConfiguration configuration, SettingsNode root)
    {
        var storage = StorageReader.Read(root.Section("Storage"));
        var cluster = ClusterReader.Read(root.Section("Cluster"), storage);
        var admin = AdminReader.Read(root.Section("Admin"));
        var logging = ReadLogging(root.Section("Logging"));
        var shutdown = ReadShutdown(root.Section("Shutdown"));
        var refusedCalls = ReadRefusedCalls(root.Section("Pipelines"));
        var history = ReadHistory(root.Section("History"));
        var workspacesNode = root.Section("Workspaces");
        var workspaces = WorkspacesReader.Read(configuration, workspacesNode);
        var isDemo = !workspacesNode.GivenNames.Any();
        var sandbox = ReadSandbox(root.Section("Sandbox"), isDemo, cluster);
        if (isDemo)
        {
            workspaces = new Dictionary<string, WorkspaceSettings> { [DemoWorkspace.Name] = DemoWorkspace.For(sandbox) };
            if (cluster.Mode != ClusterMode.Embedded)
            {
                root.Errors.Missing(root.PathOf("Workspaces"), "at least one workspace: the demo runs only with Cluster:Mode = Embedded");
            }
        }

        var api = ApiReader.Read(root.Section("Api"), workspaces);
        root.ReadText("SecretsFolder", "the path of a folder", SettingsCatalog.None);
        root.RefuseTheRest();
        return new DispatcherSettings
        {
            Storage = storage,
            Cluster = cluster,
            Admin = admin,
            Api = api,
            Sandbox = sandbox,
            Logging = logging,
            Shutdown = shutdown,
            RefusedCalls = refusedCalls,
            History = history,
            Workspaces = workspaces,
            IsDemo = isDemo,
        };
    }

    private static LoggingSettings ReadLogging(SettingsNode node)
    {
        var settings = new LoggingSettings(node.Read("Json", SettingFormats.Flag, false));
        node.RefuseTheRest();
        return settings;
    }

    private static ShutdownSettings ReadShutdown(SettingsNode node)
    {
        var settings = new ShutdownSettings(node.Read("Notice", SettingFormats.Duration(TimeSpan.Zero, TimeSpan.FromMinutes(5)), TimeSpan.Zero));
        node.RefuseTheRest();
        return settings;
    }

    private static RefusedCallSettings ReadRefusedCalls(SettingsNode node)
    {
        var defaults = new RefusedCallSettings();
        var settings = new RefusedCallSettings
        {
            IsOn = node.Read("KeepRefused", SettingFormats.Flag, defaults.IsOn),
            MaxCalls = node.Read("MaxRefused", SettingFormats.Whole(1, 100_000), defaults.MaxCalls),
            MaxBytes = node.Read("MaxRefusedSize", SettingFormats.SizeOf(1L << 20, "1MB"), defaults.MaxBytes),
            KeepFor = node.Read("KeepRefusedFor", SettingFormats.Duration(TimeSpan.FromHours(1), TimeSpan.FromHours(87_600)), defaults.KeepFor),
        };
        node.RefuseTheRest();
        return settings;
    }

    private static HistorySettings ReadHistory(SettingsNode node)
    {
        var defaults = new HistorySettings();
        var settings = new HistorySettings
        {
            Attempts = node.Read("Attempts", SettingFormats.Choice(KeptAttempts.All, KeptAttempts.Failed, KeptAttempts.Off), defaults.Attempts),
            Bodies = node.Read("Bodies", SettingFormats.Choice(KeptBodies.None, KeptBodies.Failed, KeptBodies.All), defaults.Bodies),
            Keep = node.Read("Keep", SettingFormats.Duration(TimeSpan.FromHours(1), TimeSpan.FromHours(8_760)), defaults.Keep),
            MaxSize = node.Read("MaxSize", SettingFormats.SizeOf(10L << 20, "10MB"), defaults.MaxSize),
        };
        node.RefuseTheRest();
        return settings;
    }

    private static SandboxSettings ReadSandbox(SettingsNode node, bool isDemo, ClusterSettings cluster)
    {
        var settings = new SandboxSettings(
            node.Read("Enabled", SettingFormats.Flag, isDemo && cluster.Mode == ClusterMode.Embedded),
            node.Read("Url", SettingFormats.Host, new Uri("http://127.0.0.1:5081")));
        if (settings.Enabled && cluster.Mode == ClusterMode.Silo)
        {
            node.Errors.Wrong(node.PathOf("Enabled"), "true", "false with Cluster:Mode = Silo: a front-end runs it, or src/Sandbox on its own");
        }

        node.RefuseTheRest();
        return settings;
    }

    /// <summary>Refuses a misspelt <c>Dispatcher</c>. Otherwise a typo in this one word would start the demo in production.</summary>
    private static void RefuseMisspeltRoot(IConfiguration configuration, SettingsErrors errors)
    {
        foreach (var section in configuration.GetChildren().Where(section => section.GetChildren().Any() && Spelling.Distance(section.Key, Root) is 1 or 2))
        {
            errors.Unknown(section.Key, section.Key, [Root]);
        }
    }
}
