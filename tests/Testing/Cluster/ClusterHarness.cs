using System.Net.Http.Json;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Latency;
using CioOrleans.Sandbox.Limits;
using CioOrleans.Testing.Network;
using Npgsql;

namespace CioOrleans.Testing.Cluster;

/// <summary>The assemblies that a cluster's processes run.</summary>
/// <param name="Silo">Of the silos.</param>
/// <param name="Api">Of the front-ends.</param>
public sealed record ClusterPrograms(string Silo, string Api)
{
    /// <summary>This version's.</summary>
    public static ClusterPrograms Current { get; } = new(BuildPaths.SiloAssembly, BuildPaths.ApiAssembly);
}

/// <summary>
/// The dispatcher as a cluster of real processes: silos and front-ends over one PostgreSQL, delivering to a sandbox in this process
/// that enforces the limit exactly and has a network of 10 to 60 ms. One workspace, <c>acme</c>.
/// </summary>
public sealed class ClusterHarness : IAsyncDisposable
{
    /// <summary>A silo reads the table every 10 s, and a process takes seconds to start on a loaded machine.</summary>
    private static readonly TimeSpan _healing = TimeSpan.FromMinutes(1);

    /// <summary>Arrivals in any second, over all of Track v1, and over v2.</summary>
    public const int Limit = 40;

    /// <summary>The key of the admin listeners, where one is needed.</summary>
    public const string AdminKey = "admin";

    /// <summary>The time-out of each attempt.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Arrivals in any second, by the names that the sandbox reports; the last two are the dispatcher's defaults.</summary>
    public static readonly IReadOnlyDictionary<string, int> Limits = new Dictionary<string, int>
    {
        ["identify,track,page"] = Limit,
        ["batch"] = Limit,
        ["transactional-email"] = 100,
        ["query"] = 10,
    };

    /// <summary>What may be in flight, and so be sent again, when a process dies.</summary>
    public const int MaxConcurrency = 64;

    /// <summary>Calls in back-off come after half a minute at most.</summary>
    private static readonly TimeSpan _drainPatience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan _statusPatience = TimeSpan.FromMinutes(2);

    private static readonly Uri _workspace = new("/admin/workspaces/acme", UriKind.Relative);

    private readonly List<ClusterSilo> _silos = [];
    private readonly List<ClusterProcess> _frontEnds = [];
    private int _nextSilo;

    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly ClusterPrograms _programs;

    private ClusterHarness(
        IClusterNetwork network, PostgresServer? server, string connectionString, SandboxServer sandbox, IReadOnlyDictionary<string, string>? settings, ClusterPrograms? programs)
    {
        _settings = settings ?? new Dictionary<string, string>();
        _programs = programs ?? ClusterPrograms.Current;
        Network = network;
        Server = server;
        ConnectionString = connectionString;
        Sandbox = sandbox;
    }

    public IClusterNetwork Network { get; }

    /// <summary>The PostgreSQL server; null where one that somebody else runs is used.</summary>
    public PostgresServer? Server { get; }

    public string ConnectionString { get; }

    public SandboxServer Sandbox { get; }

    public IReadOnlyList<ClusterSilo> Silos => _silos;

    public IReadOnlyList<ClusterProcess> FrontEnds => _frontEnds;

    /// <summary>Starts PostgreSQL, the sandbox, the silos and the front-ends, and waits until all are ready.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="frontEnds">How many front-ends.</param>
    /// <param name="connectionString">An empty database to use; null starts a server.</param>
    /// <param name="settings">Further settings of all processes.</param>
    /// <param name="programs">What the processes run; null for this version.</param>
    public static async Task<ClusterHarness> StartAsync(
        int silos, int frontEnds, string? connectionString = null, IReadOnlyDictionary<string, string>? settings = null, ClusterPrograms? programs = null)
    {
        var network = connectionString is null
            ? await NamespaceNetwork.CreateAsync()
            : new LoopbackNetwork("The database is outside of this test's networks: a network namespace cannot reach it.");
        PostgresServer? server = null;
        if (connectionString is null)
        {
            server = await (network is NamespaceNetwork ? PostgresServer.StartNewAsync(network.DatabaseAddress) : PostgresServer.StartNewAsync());

            // Kerberos asks the DNS at every connection, and a namespace has no DNS.
            connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString(host: network.DatabaseAddress))
            {
                GssEncryptionMode = GssEncryptionMode.Disable,
            }.ConnectionString;
        }

        var sandbox = await SandboxServer.StartAsync(new SandboxOptions
        {
            Url = $"http://{network.SandboxAddress}:0",
            SiteId = LoadRequests.SiteId,
            ApiKey = LoadRequests.ApiKey,
            AppApiKey = LoadRequests.AppApiKey,
            PipelinesWriteKey = LoadRequests.WriteKey,
            Faults = new SandboxFaults { RefuseFirst = LoadRequests.RefuseFirst },
            Limits = SandboxLimit.Parse(string.Join("; ", Limits.Select(limit => $"{limit.Key}={limit.Value}/1s"))),
            RecordRequests = 200_000,
            Latency = LatencyDistribution.Exponential(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60)),
        });
        var cluster = new ClusterHarness(network, server, connectionString, sandbox, settings, programs);
        try
        {
            for (var number = 0; number < frontEnds; number++)
            {
                cluster.AddFrontEnd(number);
            }

            // The first alone: it makes the schema, and the workspace's owner lives there.
            await (await cluster.AddSiloAsync()).Process.StartAsync();
            while (cluster._silos.Count < silos)
            {
                await cluster.AddSiloAsync();
            }

            await Task.WhenAll(cluster._silos.Skip(1).Select(silo => silo.Process).Concat(cluster._frontEnds).Select(process => process.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lays out one more silo, and does not start it.</summary>
    /// <param name="settings">Further settings of this silo alone.</param>
    public async Task<ClusterSilo> AddSiloAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var number = _nextSilo++;
        var place = await Network.AddSiloAsync(number);
        var process = NewProcess($"silo {number}", _programs.Silo, place.RunPrefix, new Uri($"http://{place.Address}:{place.HealthPort}"), LocalUrl(), new()
        {
            ["Dispatcher__Cluster__Mode"] = "Silo",
            ["Dispatcher__Cluster__AdvertisedAddress"] = place.Address,
            ["Dispatcher__Cluster__SiloPort"] = $"{place.SiloPort}",
            ["Dispatcher__Cluster__GatewayPort"] = $"{place.GatewayPort}",
        }, settings);
        var silo = new ClusterSilo(process, place);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Lays out one more front-end, and does not start it.</summary>
    /// <param name="number">For its name.</param>
    /// <param name="settings">Further settings of this front-end alone.</param>
    public ClusterProcess AddFrontEnd(int number, IReadOnlyDictionary<string, string>? settings = null)
    {
        var frontEnd = NewProcess($"front-end {number}", _programs.Api, [], LocalUrl(), LocalUrl(), new() { ["Dispatcher__Cluster__Mode"] = "Client" }, settings);
        _frontEnds.Add(frontEnd);
        return frontEnd;
    }

    /// <summary>Ends a silo in good order, unless it has ended by itself, for good; returns its exit code.</summary>
    public async Task<int> RetireAsync(ClusterSilo silo)
    {
        var code = silo.Process.IsRunning ? await silo.Process.TerminateAsync() : await silo.Process.WaitForEndAsync();
        _silos.Remove(silo);
        await silo.Process.DisposeAsync();
        return code;
    }

    /// <summary>Asks a silo to hand its workspaces over, and returns once it has.</summary>
    public async Task DrainAsync(ClusterSilo silo)
    {
        using var http = new HttpClient { BaseAddress = _frontEnds[0].Admin, Timeout = TimeSpan.FromSeconds(30) };
        var cluster = await http.GetFromJsonAsync<JsonElement>(new Uri("/admin/cluster", UriKind.Relative));
        var name = cluster.GetProperty("silos").EnumerateArray()
            .Where(member => member.GetProperty("status").GetString() == "active")
            .Select(member => member.GetProperty("silo").GetString()!)
            .Single(address => silo.IsAt($"S{address.Replace('@', ':')}") || silo.IsAt(address));
        using var answer = await http.PostAsync(new Uri($"/admin/cluster/{name}/drain", UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The silo where the workspace's owner lives.</summary>
    public async Task<ClusterSilo> OwnerAsync()
    {
        var owner = (await StatusAsync()).GetProperty("owner").GetString()!;
        return _silos.Single(silo => silo.IsAt(owner));
    }

    /// <summary>A silo that the workspace's owner does not live on.</summary>
    public async Task<ClusterSilo> BystanderAsync()
    {
        var owner = await OwnerAsync();
        return _silos.First(silo => silo != owner && silo.Process.IsRunning);
    }

    /// <summary>The epoch of the workspace's lease: another one, another owner.</summary>
    public async Task<long> EpochAsync() => (await StatusAsync()).GetProperty("epoch").GetInt64();

    /// <summary>Waits until nothing waits for delivery any more.</summary>
    public async Task WaitUntilEmptyAsync()
    {
        try
        {
            await Wait.UntilAsync("The delivery of all that waits", _drainPatience, async () => (await StatusAsync()).GetProperty("queued").GetInt64() == 0);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} The rows that wait:\n{string.Join('\n', await ListWaitingAsync())}", exception);
        }
    }

    /// <summary>What the record of the history tells that was broken since a time; empty if nothing was.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync(DateTimeOffset from)
    {
        var span = $"from={from.UtcDateTime:O}&to={TimeProvider.System.GetUtcNow().UtcDateTime:O}";
        var proof = await ReadAsync("The proof of the record", new Uri($"/admin/workspaces/acme/history/verify?{span}", UriKind.Relative));
        return
        [
            .. proof.GetProperty("violations").EnumerateArray().Select(violation => violation.GetRawText()),
            .. proof.GetProperty("limits").EnumerateArray().Where(limit => limit.GetProperty("verdict").GetString() == "broken").Select(limit => limit.GetRawText()),
        ];
    }

    /// <summary>Starts what was ended, and waits until everything is ready.</summary>
    public async Task HealAsync()
    {
        await Network.MendAsync();

        // A silo that was taken for dead runs on, ready, until it has read so in the table, and ends itself then.
        await Wait.UntilAsync("Every silo to know all silos as active", _healing, async () =>
        {
            await Task.WhenAll(_silos.Select(silo => silo.Process).Concat(_frontEnds).Select(process => process.EnsureReadyAsync()));
            var views = await Task.WhenAll(_silos.Select(silo => silo.TryScrapeAsync()));
            return Array.TrueForAll(views, view => view.Contains($$"""cio_cluster_members{status="active"} {{_silos.Count}}"""));
        });
    }

    /// <summary>Writes what each process has written into a folder. Returns the folder.</summary>
    public async Task<DirectoryInfo> WriteLogsAsync(DirectoryInfo folder)
    {
        foreach (var process in _silos.Select(silo => silo.Process).Concat(_frontEnds))
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{process.Name}.log"), process.Output);
        }

        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Select(silo => silo.Process).Concat(_frontEnds).Select(process => process.DisposeAsync().AsTask()));
        await Sandbox.DisposeAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        await Network.DisposeAsync();
    }

    private async Task<IReadOnlyList<string>> ListWaitingAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(
            "select format('%s seq %s kind %s %s attempts %s not before %s error %s mark %s other %s', key, seq, kind, target, attempts, not_before, last_error, send_attempt, other_customer) " +
            "from calls join customers on customers.id = customer_id order by key, seq");
        await using var rows = await command.ExecuteReaderAsync();
        List<string> waiting = [];
        while (await rows.ReadAsync())
        {
            waiting.Add(rows.GetString(0));
        }

        return waiting;
    }

    /// <summary>The workspace's status, from whichever front-end answers first.</summary>
    private Task<JsonElement> StatusAsync() => ReadAsync("The status of the workspace", _workspace);

    /// <summary>An answer of an admin listener, from whichever front-end answers first.</summary>
    private async Task<JsonElement> ReadAsync(string what, Uri path)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var attempt = 0;
        JsonElement? status = null;
        await Wait.UntilAsync(what, _statusPatience, async () =>
        {
            try
            {
                status = await http.GetFromJsonAsync<JsonElement>(new Uri(_frontEnds[attempt++ % _frontEnds.Count].Admin, path));
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException)
            {
                // PostgreSQL, the owner or this front-end is away.
            }

            return status is not null;
        });
        return status!.Value;
    }

    /// <summary>The settings of the workspace that the load calls.</summary>
    /// <param name="customerIo">Where it delivers to.</param>
    /// <param name="attemptTimeout">The workspace's <c>AttemptTimeout</c>.</param>
    public static Dictionary<string, string> WorkspaceSettings(Uri customerIo, TimeSpan attemptTimeout) => new Dictionary<string, string>
    {
        ["SiteId"] = LoadRequests.SiteId,
        ["ApiKey"] = LoadRequests.ApiKey,
        ["AppApiKey"] = LoadRequests.AppApiKey,
        ["PipelinesWriteKey"] = LoadRequests.WriteKey,
        ["TrackUrl"] = customerIo.ToString(),
        ["AppUrl"] = customerIo.ToString(),
        ["PipelinesUrl"] = customerIo.ToString(),
        ["Limits__identify"] = $"{Limit}/1s",
        ["Limits__batch"] = $"{Limit}/1s",
        ["Limits__track"] = "identify",
        ["Limits__page"] = "identify",
        ["AttemptTimeout"] = $"{attemptTimeout.TotalSeconds}s",
    }.ToDictionary(setting => $"Dispatcher__Workspaces__acme__{setting.Key}", setting => setting.Value);

    private static Uri LocalUrl() => new($"http://127.0.0.1:{FreePort.Next()}");

    private ClusterProcess NewProcess(string name, string assembly, IReadOnlyList<string> prefix, Uri url, Uri admin, Dictionary<string, string> settings, IReadOnlyDictionary<string, string>? further)
    {
        var environment = new Dictionary<string, string>(settings)
        {
            ["Urls"] = url.ToString(),
            ["Dispatcher__Admin__Url"] = admin.ToString(),
            ["Dispatcher__Storage__Provider"] = "Postgres",
            ["Dispatcher__Storage__ConnectionString"] = ConnectionString,
        };
        foreach (var (key, value) in WorkspaceSettings(Sandbox.Url, AttemptTimeout).Concat(_settings).Concat(further ?? new Dictionary<string, string>()))
        {
            environment[key] = value;
        }

        return new ClusterProcess(name, prefix, assembly, url, admin, environment);
    }
}
