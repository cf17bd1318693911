using CioOrleans.Testing.Processes;

namespace CioOrleans.Cli.Tests;

/// <summary>The tool as a user runs it.</summary>
internal static class CioCtl
{
    public static ChildProcess Start(CliWorkspace workspace, params string[] arguments) =>
        Start(workspace.Dispatcher.Url, workspace.Dispatcher.Admin, workspace.Name, Dispatcher.ApiKey, workspace.Name, arguments);

    private static ChildProcess Start(Uri url, Uri admin, string siteId, string apiKey, string workspace, params string[] arguments) => ChildProcess.Start("dotnet", [BuildPaths.CliAssembly, .. arguments], new Dictionary<string, string>
    {
        ["CIO_URL"] = url.ToString(),
        ["CIO_ADMIN_URL"] = admin.ToString(),
        ["CIO_SITE_ID"] = siteId,
        ["CIO_API_KEY"] = apiKey,
        ["CIO_WORKSPACE"] = workspace,
    }, isShortLived: true);

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(CliWorkspace workspace, params string[] arguments)
    {
        await using var process = Start(workspace, arguments);
        return (await process.WaitAsync(), process.Output);
    }

    /// <summary>The same with another address for both listeners, or another key, and without a workspace's name.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(Uri url, string apiKey, params string[] arguments)
    {
        await using var process = Start(url, url, Dispatcher.SiteId, apiKey, workspace: "", arguments);
        return (await process.WaitAsync(), process.Output);
    }
}
