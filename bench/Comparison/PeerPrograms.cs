namespace CioOrleans.Bench.Comparison;

/// <summary>The programs of bench/peers, and what they need on this machine.</summary>
internal static class PeerPrograms
{
    private static readonly TimeSpan _installPatience = TimeSpan.FromMinutes(5);

    private static string Folder { get; } = Path.Combine(BuildPaths.Repository, "bench", "peers");

    /// <summary>What is missing here for the peers that need it; null if nothing is.</summary>
    public static string? MissingForNode => IsOnPath("node") && IsOnPath("npm") ? null : "Node with npm is not on the PATH";

    /// <inheritdoc cref="MissingForNode"/>
    public static string? MissingForRedis => IsOnPath("redis-server") ? null : "redis-server is not on the PATH";

    /// <summary>Installs the packages of npm at the versions of the lock file.</summary>
    public static async Task InstallAsync()
    {
        await using var npm = ChildProcess.Start("npm", ["ci", "--no-audit", "--no-fund"], folder: Folder);
        if (await npm.WaitAsync(_installPatience) is not 0 and var code)
        {
            throw new InvalidOperationException($"npm ci ended with {code}:\n{npm.Output}");
        }
    }

    /// <summary>Builds the server with Wolverine and returns its assembly.</summary>
    public static async Task<string> BuildWolverineAsync()
    {
        await using var build = ChildProcess.Start("dotnet", ["build", "accept.cs", "-c", "Release", "-nologo"], folder: Folder);
        var code = await build.WaitAsync(_installPatience);
        const string arrow = "accept.cs -> ";
        return code == 0 && build.Output.Split('\n').FirstOrDefault(line => line.Contains(arrow, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(arrow, StringComparison.Ordinal) + arrow.Length)..].Trim()
            : throw new InvalidOperationException($"The build of accept.cs ended with {code}:\n{build.Output}");
    }

    /// <summary>Starts a program and waits until it writes the line.</summary>
    public static async Task<ChildProcess> StartAsync(string file, IEnumerable<string> arguments, string until, CancellationToken stop)
    {
        var process = ChildProcess.Start(file, arguments, new Dictionary<string, string> { ["NODE_ENV"] = "production" }, Folder);
        await foreach (var line in process.Lines.ReadAllAsync(stop))
        {
            if (line == until)
            {
                return process;
            }
        }

        var lines = process.LastLines;
        await process.DisposeAsync();
        throw new InvalidOperationException($"'{file} {string.Join(' ', arguments)}' ended before it was {until}:\n{lines}");
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
