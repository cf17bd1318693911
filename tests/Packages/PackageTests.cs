using System.Globalization;
using CioOrleans.Sandbox;

namespace CioOrleans.Packages;

/// <summary>What a user gets who has the packages and not this repository.</summary>
public sealed class PackageTests : IAsyncLifetime
{
    private static readonly string[] _libraries = ["Abstractions", "Client", "Delivery", "Grains", "Postgres", "Silo", "Sqlite"];

    private PackageFeed _feed = null!;

    public async ValueTask InitializeAsync() => _feed = await PackageFeed.PackAsync();

    public ValueTask DisposeAsync()
    {
        _feed.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One test, because packing and building take most of the time.</summary>
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_service_made_from_the_packages_identifies_and_tracks()
    {
        Assert.Equal(
            [.. _libraries.Append("Cli").Order(StringComparer.Ordinal).SelectMany(Files)],
            _feed.Files);
        Assert.All(_libraries, AssertIsWhole);

        await _feed.RunAsync("new", "web", "--name", "Shop", "--output", ".", "--no-restore");
        await _feed.RunAsync("add", "package", "CioOrleans.Silo", "--version", "1.0.0", "--no-restore");
        await _feed.RunAsync("add", "package", "CioOrleans.Client", "--version", "1.0.0", "--no-restore");
        await File.WriteAllTextAsync(Path.Combine(_feed.Service, "Program.cs"), Program);
        await _feed.RunAsync("build", "-o", "out", "-v", "q", "-p:NuGetAudit=false");

        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", SiteId = "shop-site", ApiKey = "shop-key", RecordRequests = 10 });
        await using var shop = ChildProcess.Start("dotnet", [Path.Combine("out", "Shop.dll")], SettingsFor(sandbox.Url), _feed.Service);
        var delivered = sandbox.WaitForProcessedAsync(2);
        await Wait.UntilAsync("The delivery of both calls, or the end of the service,", TimeSpan.FromMinutes(2), () => delivered.IsCompleted || shop.HasExited);

        Assert.True(delivered.IsCompleted, $"The service ended:\n{shop.Output}");
        Assert.Equal(0, await shop.TerminateAsync());
        Assert.Contains("True True", shop.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["PUT /api/v1/customers/42 200", "POST /api/v1/customers/42/events 200"],
            sandbox.Requests.Select(request => $"{request.Method} {request.RawTarget} {request.Status}"));
    }

    /// <summary>As docs/embedding.md shows it.</summary>
    private const string Program = """
        using CioOrleans.Client;
        using CioOrleans.Silo.Hosting;

        var builder = WebApplication.CreateBuilder(args);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(builder.Configuration.GetValue<int>("SiloPort"), gatewayPort: 0)
            .AddCioDispatcher(builder.Configuration.GetSection("Dispatcher"), options => options.UseSqlite("Data Source=data/cio.db")));
        builder.Services.AddCioDispatcher();

        var app = builder.Build();
        await app.StartAsync();
        var ann = app.Services.GetRequiredService<IDispatcher>().Workspace("shop").Customer("42");
        var identified = await ann.IdentifyAsync(new { plan = "pro" });
        var tracked = await ann.TrackAsync("bought", new { price = 9.9 });
        Console.WriteLine($"{identified.IsAccepted} {tracked.IsAccepted}");
        await app.WaitForShutdownAsync();
        """;

    private static Dictionary<string, string> SettingsFor(Uri sandbox) => new()
    {
        ["Urls"] = "http://127.0.0.1:0",
        ["SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["Dispatcher__Workspaces__shop__SiteId"] = "shop-site",
        ["Dispatcher__Workspaces__shop__ApiKey"] = "shop-key",
        ["Dispatcher__Workspaces__shop__TrackUrl"] = sandbox.ToString(),
        ["Dispatcher__Workspaces__shop__AppUrl"] = sandbox.ToString(),
    };

    private static IEnumerable<string> Files(string name) =>
        name == "Cli" ? [$"CioOrleans.{name}.1.0.0.nupkg"] : [$"CioOrleans.{name}.1.0.0.nupkg", $"CioOrleans.{name}.1.0.0.snupkg"];

    private void AssertIsWhole(string name)
    {
        var (entries, description) = _feed.Read($"CioOrleans.{name}.1.0.0.nupkg");

        Assert.Equal(
            [$"lib/net10.0/CioOrleans.{name}.dll", $"lib/net10.0/CioOrleans.{name}.xml"],
            entries.Where(entry => entry.StartsWith("lib/", StringComparison.Ordinal) || entry.StartsWith("content", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("README.md", entries);
        Assert.Equal(("MIT", "README.md", "The CioOrleans authors"), (description["license"], description["readme"], description["authors"]));
        Assert.NotEqual("Package Description", description["description"]);
        Assert.Contains($"lib/net10.0/CioOrleans.{name}.pdb", _feed.Read($"CioOrleans.{name}.1.0.0.snupkg").Entries);
    }
}
