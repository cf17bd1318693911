using CioOrleans.Cluster.Harness;
using CioOrleans.Cluster.Network;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Limits;

namespace CioOrleans.Cluster.Road;

/// <summary>One dispatcher with SQLite in a network namespace, and a sandbox outside of it: the network between them can lose and hold packets, the callers' cannot.</summary>
internal sealed class RoadHarness : IAsyncDisposable
{
    /// <summary>Arrivals in any second, of Track v1 and of v2 each.</summary>
    private const int Limit = 40;

    /// <summary>The dispatcher's own for e-mails. A shell that starts the process would drop a setting with a hyphen from its environment.</summary>
    private const int DefaultLimit = 100;

    private const string Workspace = "Dispatcher__Workspaces__acme__";

    private readonly string _folder;

    private RoadHarness(NamespaceNetwork network, SandboxServer sandbox, ClusterProcess dispatcher, string address, string folder)
    {
        Network = network;
        Sandbox = sandbox;
        Dispatcher = dispatcher;
        Address = address;
        _folder = folder;
    }

    public NamespaceNetwork Network { get; }

    public SandboxServer Sandbox { get; }

    public ClusterProcess Dispatcher { get; }

    /// <summary>From which the dispatcher sends.</summary>
    public string Address { get; }

    /// <summary>Starts both. Skips the test where there are no network namespaces.</summary>
    /// <param name="attemptTimeout">The workspace's <c>AttemptTimeout</c>.</param>
    public static async Task<RoadHarness> StartAsync(TimeSpan attemptTimeout)
    {
        var laidOut = await NamespaceNetwork.CreateAsync("x");
        Skip.If(laidOut is not NamespaceNetwork, laidOut.CannotCutReason);
        var network = (NamespaceNetwork)laidOut;
        var folder = Directory.CreateTempSubdirectory("cio-road-").FullName;
        var place = await network.AddSiloAsync(0);
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions
        {
            Url = $"http://{network.SandboxAddress}:0",
            SiteId = "site",
            ApiKey = "key",
            AppApiKey = "app",
            RecordRequests = 100_000,
            Limits = SandboxLimit.Parse($"identify,track,page={Limit}/1s; batch={Limit}/1s; transactional-email={DefaultLimit}/1s"),
        });
        var dispatcher = new ClusterProcess(
            "dispatcher",
            [.. place.RunPrefix, "dotnet", BuildPaths.ApiAssembly],
            Path.GetDirectoryName(BuildPaths.ApiAssembly)!,
            new Uri($"http://{place.Address}:{place.HealthPort}"),
            new Uri("http://127.0.0.1:0"),
            new Dictionary<string, string>
            {
                ["Urls"] = $"http://{place.Address}:{place.HealthPort}",
                ["Dispatcher__Admin__Url"] = "http://127.0.0.1:0",
                ["Dispatcher__Storage__ConnectionString"] = $"Data Source={Path.Combine(folder, "cio.db")}",
                [Workspace + "SiteId"] = "site",
                [Workspace + "ApiKey"] = "key",
                [Workspace + "AppApiKey"] = "app",
                [Workspace + "TrackUrl"] = sandbox.Url.ToString(),
                [Workspace + "AppUrl"] = sandbox.Url.ToString(),
                [Workspace + "Limits__identify"] = $"{Limit}/1s",
                [Workspace + "Limits__track"] = "identify",
                [Workspace + "Limits__page"] = "identify",
                [Workspace + "Limits__batch"] = $"{Limit}/1s",

                // What is repeated soon overtakes what is still on its way.
                [Workspace + "Retry__BaseDelay"] = "100ms",
                [Workspace + "AttemptTimeout"] = $"{attemptTimeout.TotalSeconds}s",
            });
        var harness = new RoadHarness(network, sandbox, dispatcher, place.Address, folder);
        try
        {
            await dispatcher.StartAsync();
            return harness;
        }
        catch
        {
            await harness.DisposeAsync();
            throw;
        }
    }

    /// <summary>No packet passes between the dispatcher and the sandbox for a while. Returns the moment at which packets pass again.</summary>
    public async Task<DateTimeOffset> LoseAsync(TimeSpan duration)
    {
        await Network.CutAsync(Address, Network.SandboxAddress);
        return await MendAfterAsync(duration);
    }

    /// <summary>Nothing from the dispatcher reaches the sandbox.</summary>
    public async Task<DateTimeOffset> LoseRequestsAsync(TimeSpan duration)
    {
        await Network.CutOneWayAsync(Address, Network.SandboxAddress);
        return await MendAfterAsync(duration);
    }

    /// <summary>Nothing from the sandbox reaches the dispatcher.</summary>
    public async Task<DateTimeOffset> LoseResponsesAsync(TimeSpan duration)
    {
        await Network.CutOneWayAsync(Network.SandboxAddress, Address);
        return await MendAfterAsync(duration);
    }

    public async ValueTask DisposeAsync()
    {
        await Dispatcher.DisposeAsync();
        await Sandbox.DisposeAsync();
        await Network.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<DateTimeOffset> MendAfterAsync(TimeSpan duration)
    {
        await Task.Delay(duration, TimeProvider.System);
        await Network.MendAsync();
        return TimeProvider.System.GetUtcNow();
    }
}
