using CioOrleans.Configuration;

namespace CioOrleans.Silo.Configuration;

/// <summary>The workspace that uses the sandbox if no workspace is configured. Its credentials are valid only there.</summary>
public static class DemoWorkspace
{
    public const string Name = "demo";
    public const string SiteId = "demo-site";
    public const string ApiKey = "demo-key";
    public const string AppApiKey = "demo-app-key";
    public const string PipelinesWriteKey = "demo-write-key";

    /// <summary>The sandbox counts all calls to the Track API in one window of 100 in a second, so all its limit classes share one bucket.</summary>
    internal static WorkspaceSettings For(SandboxSettings sandbox)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["demo:SiteId"] = SiteId,
            ["demo:ApiKey"] = ApiKey,
            ["demo:TrackUrl"] = sandbox.Url.ToString(),
            ["demo:AppApiKey"] = AppApiKey,
            ["demo:AppUrl"] = sandbox.Url.ToString(),
            ["demo:PipelinesWriteKey"] = PipelinesWriteKey,
            ["demo:PipelinesUrl"] = sandbox.Url.ToString(),
            ["demo:Limits:identify"] = "100/1s",
            ["demo:Limits:track"] = "identify",
            ["demo:Limits:page"] = "identify",
            ["demo:Limits:batch"] = "identify",
        }).Build();
        return WorkspaceReader.Read(Name, new SettingsNode(configuration.GetSection(Name), new SettingsErrors(), new SettingsCatalog()));
    }
}
