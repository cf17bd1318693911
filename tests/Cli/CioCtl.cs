using CioOrleans.Testing.Processes;

namespace CioOrleans.Cli.Tests;

/// <summary>The tool as a user runs it.</summary>
internal static class CioCtl
{
    public static ChildProcess Start(Dispatcher dispatcher, params string[] arguments) => Start(dispatcher.Url, dispatcher.Admin, Dispatcher.ApiKey, arguments);

    private static ChildProcess Start(Uri url, Uri admin, string apiKey, params string[] arguments) => ChildProcess.Start("dotnet", [BuildPaths.CliAssembly, .. arguments], new Dictionary<string, string>
    {
        ["CIO_URL"] = url.ToString(),
        ["CIO_ADMIN_URL"] = admin.ToString(),
        ["CIO_SITE_ID"] = Dispatcher.SiteId,
        ["CIO_API_KEY"] = apiKey,
    });

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(Dispatcher dispatcher, params string[] arguments)
    {
        await using var process = Start(dispatcher, arguments);
        return (await process.WaitAsync(), process.Output);
    }

    /// <summary>The same with another address for both listeners, or another key.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(Uri url, string apiKey, params string[] arguments)
    {
        await using var process = Start(url, url, apiKey, arguments);
        return (await process.WaitAsync(), process.Output);
    }
}
