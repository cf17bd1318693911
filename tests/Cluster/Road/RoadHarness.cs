using System.Net.Http.Json;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Limits;

namespace CioOrleans.Cluster.Road;

/// <summary>One dispatcher with SQLite in a network namespace, and a sandbox outside of it: the network between them can lose and hold packets, the callers' cannot.</summary>
internal sealed class RoadHarness : IAsyncDisposable
{
    private const int AdminPort = 5_079;

    /// <summary>Calls in back-off come after half a minute at most.</summary>
    private static readonly TimeSpan _drainPatience = TimeSpan.FromSeconds(90);

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
        Assert.SkipWhen(laidOut is not NamespaceNetwork, laidOut.CannotCutReason ?? "");
        var network = (NamespaceNetwork)laidOut;
        var folder = Directory.CreateTempSubdirectory("cio-road-").FullName;
        var place = await network.AddSiloAsync(0);
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions
        {
            Url = $"http://{network.SandboxAddress}:0",
            SiteId = LoadRequests.SiteId,
            ApiKey = LoadRequests.ApiKey,
            AppApiKey = LoadRequests.AppApiKey,
            PipelinesWriteKey = LoadRequests.WriteKey,
            RecordRequests = 100_000,
            Faults = new SandboxFaults { RefuseFirst = LoadRequests.RefuseFirst },
            Limits = SandboxLimit.Parse(string.Join("; ", ClusterHarness.Limits.Select(limit => $"{limit.Key}={limit.Value}/1s"))),
        });
        var dispatcher = new ClusterProcess(
            "dispatcher",
            place.RunPrefix,
            BuildPaths.ApiAssembly,
            new Uri($"http://{place.Address}:{place.HealthPort}"),
            new Uri($"http://{place.Address}:{AdminPort}"),
            new Dictionary<string, string>(ClusterHarness.WorkspaceSettings(sandbox.Url, attemptTimeout))
            {
                ["Urls"] = $"http://{place.Address}:{place.HealthPort}",
                ["Dispatcher__Admin__Url"] = $"http://{place.Address}:{AdminPort}",
                ["Dispatcher__Admin__ApiKey"] = ClusterHarness.AdminKey,
                ["Dispatcher__Storage__ConnectionString"] = $"Data Source={Path.Combine(folder, "cio.db")}",

                // What is repeated soon overtakes what is still on its way.
                ["Dispatcher__Workspaces__acme__Retry__BaseDelay"] = "100ms",
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

    /// <summary>Waits until nothing waits for delivery any more.</summary>
    public async Task WaitUntilEmptyAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10), DefaultRequestHeaders = { Authorization = new("Bearer", ClusterHarness.AdminKey) } };
        await Wait.UntilAsync("The delivery of all that waits", _drainPatience, async () =>
            (await http.GetFromJsonAsync<JsonElement>(new Uri(Dispatcher.Admin, "/admin/workspaces/acme"))).GetProperty("queued").GetInt64() == 0);
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
