using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace CioOrleans.Packages;

/// <summary>The packages of this build in a folder, and a configuration of NuGet that knows this folder and what the build has restored.</summary>
internal sealed class PackageFeed : IDisposable
{
    /// <summary>The longest time for one command of the SDK; seconds on a quiet machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    /// <summary>No build process stays behind.</summary>
    private static readonly Dictionary<string, string> _environment = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
    };

    private readonly DataFolder _folder = new();

    private PackageFeed()
    {
    }

    /// <summary>An empty folder beside the feed, for the project that uses it.</summary>
    public string Service => Directory.CreateDirectory(_folder.File("service")).FullName;

    private string Feed => _folder.File("feed");

    /// <summary>Packs what the build has built. Builds nothing.</summary>
    public static async Task<PackageFeed> PackAsync()
    {
        var feed = new PackageFeed();
        await RunAsync(BuildPaths.Repository, "pack", "packages.slnf", "--no-build", "-c", Metadata("Configuration"), "-o", feed.Feed, "-v", "q", "-p:NuGetAudit=false");
        new XDocument(new XElement(
            "configuration",
            new XElement("config", Add("globalPackagesFolder", feed._folder.File("restored"))),
            new XElement("packageSources", new XElement("clear"), Add("packed", feed.Feed)),
            new XElement("fallbackPackageFolders", new XElement("clear"), Add("build", Metadata("RestoredPackages"))))).Save(feed._folder.File("nuget.config"));
        return feed;
    }

    /// <summary>The names of the files in the feed.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(Feed).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    /// <summary>The entries of a package, and the elements of its description.</summary>
    public (IReadOnlyList<string> Entries, IReadOnlyDictionary<string, string> Description) Read(string file)
    {
        using var package = ZipFile.OpenRead(Path.Combine(Feed, file));
        using var description = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return (
            [.. package.Entries.Select(entry => entry.FullName)],
            XDocument.Load(description).Root!.Elements().Single().Elements().Where(element => !element.HasElements).ToDictionary(element => element.Name.LocalName, element => element.Value));
    }

    /// <summary>Runs a command of the SDK in the service's folder.</summary>
    public Task RunAsync(params string[] arguments) => RunAsync(Service, arguments);

    public void Dispose() => _folder.Dispose();

    private static async Task RunAsync(string folder, params string[] arguments)
    {
        await using var process = ChildProcess.Start("dotnet", arguments, _environment, folder);
        var code = await process.WaitAsync(_patience);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}:\n{process.Output}");
    }

    private static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));

    private static string Metadata(string key) =>
        typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
