namespace CioOrleans.Upgrade;

/// <summary>The version before this one, built from the repository's history. Its build is kept for later runs.</summary>
internal static class LandedVersion
{
    /// <summary>The last commit of the version that is in use while this one is developed.</summary>
    public const string Commit = "3d6d08e";

    /// <summary>For a build on a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Task<ClusterPrograms?>> _programs = new(BuildAsync);

    /// <summary>The landed version's programs. Skips the test if the repository's history is not there (a shallow clone, an archive).</summary>
    public static async Task<ClusterPrograms> ProgramsAsync()
    {
        var programs = await _programs.Value;
        Assert.SkipWhen(programs is null, $"The commit {Commit} is not in this copy of the repository.");
        return programs;
    }

    private static async Task<ClusterPrograms?> BuildAsync()
    {
        var repository = BuildPaths.Repository;
        if (await RunAsync("git", ["-C", repository, "cat-file", "-e", $"{Commit}^{{commit}}"]) is { Code: not 0 })
        {
            return null;
        }

        var folder = Path.Combine(repository, "tests", "Upgrade", "obj", "landed", Commit);

        // The front-end's build builds the silo too.
        var programs = new ClusterPrograms(
            Path.Combine(folder, "src/Silo/bin/Debug/net10.0/CioOrleans.Silo.dll"), Path.Combine(folder, "src/Api/bin/Debug/net10.0/CioOrleans.Api.dll"));
        var done = Path.Combine(folder, "built");
        if (File.Exists(done))
        {
            return programs;
        }

        Directory.CreateDirectory(folder);
        await SucceedAsync("sh", ["-c", "git -C \"$0\" archive \"$1\" | tar -x -C \"$2\"", repository, Commit, folder]);

        // Analyzers judge what is developed, and not what has landed. Documentation files, which nobody reads here, take a third of the build's processor time.
        await SucceedAsync(
            "dotnet",
            [
                "build", Path.Combine(folder, "src/Api"), "-c", "Debug", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false", "-v", "quiet", "-nologo",
                "-nodeReuse:false",
            ]);
        await File.WriteAllTextAsync(done, "");
        return programs;
    }

    private static async Task SucceedAsync(string program, string[] arguments)
    {
        var (code, output) = await RunAsync(program, arguments);
        if (code != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments)
    {
        // The build server of the surrounding `dotnet test` must not pass its own settings on.
        await using var process = ChildProcess.Start(program, arguments, new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" });
        return (await process.WaitAsync(_patience), process.Output);
    }
}
