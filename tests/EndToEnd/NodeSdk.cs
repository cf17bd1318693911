namespace CioOrleans.EndToEnd;

/// <summary>The official Node SDKs; installed on first use.</summary>
internal static class NodeSdk
{
    private static readonly Lazy<Task<bool>> _installed = new(InstallAsync);

    private static readonly string[] _packages = ["customerio-node", Path.Combine("@customerio", "cdp-analytics-node"), Path.Combine("@customerio", "cdp-analytics-browser")];

    /// <summary>The folder of the browser SDK's script <c>index.js</c>; skips the test visibly where there is no npm.</summary>
    public static async Task<string> BrowserFolderAsync()
    {
        Assert.SkipUnless(await _installed.Value, "Node and npm are needed to install the official browser SDK, and at least one of them is not on the PATH.");
        return Path.Combine(BuildPaths.NodeFolder, "node_modules", "@customerio", "cdp-analytics-browser", "dist", "umd");
    }

    /// <summary>Runs one of the scripts beside the SDK; skips the test visibly where there is no Node.</summary>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        Assert.SkipUnless(await _installed.Value, "Node and npm are needed to run the official SDK, and at least one of them is not on the PATH.");
        await using var node = ChildProcess.Start("node", [script, .. arguments], folder: BuildPaths.NodeFolder);
        var code = await node.WaitAsync();
        Assert.True(code == 0, $"{script} ended with {code}:\n{node.Output}");
        return node.Output;
    }

    private static async Task<bool> InstallAsync()
    {
        try
        {
            await using var version = ChildProcess.Start("node", ["--version"]);
            await version.WaitAsync();
            if (_packages.All(package => Directory.Exists(Path.Combine(BuildPaths.NodeFolder, "node_modules", package))))
            {
                return true;
            }

            await using var npm = ChildProcess.Start("npm", ["ci", "--no-audit", "--no-fund"], folder: BuildPaths.NodeFolder);
            var code = await npm.WaitAsync();
            Assert.True(code == 0, $"npm ci ended with {code}:\n{npm.Output}");
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
