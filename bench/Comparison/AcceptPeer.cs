using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;

namespace CioOrleans.Bench.Comparison;

/// <summary>A server that stores calls before it answers, with the database that it needs.</summary>
internal sealed class AcceptPeer : IAsyncDisposable
{
    private readonly IAsyncDisposable[] _parts;
    private readonly Func<ValueTask<TimeSpan>> _processorTime;

    private AcceptPeer(string name, Uri url, Func<ValueTask<TimeSpan>> processorTime, params IAsyncDisposable[] parts)
    {
        Name = name;
        Url = url;
        _processorTime = processorTime;
        _parts = parts;
    }

    public string Name { get; }

    public Uri Url { get; }

    public List<AcceptRound> Rounds { get; } = [];

    /// <summary>The dispatcher, with its delivery paused.</summary>
    public static async Task<AcceptPeer> StartOursAsync(Deployment deployment, Uri customerIo, CancellationToken stop)
    {
        var site = await DispatcherSite.StartAsync(deployment, customerIo, "100/1s");
        var dispatcher = await DispatcherProcess.StartAsync(site, DispatcherHost.Product, stop);
        await dispatcher.PauseAsync(stop);
        return new AcceptPeer(
            $"ours, {deployment}", dispatcher.Url,
            async () => dispatcher.ProcessorTime + (site.Database is { } database ? await database.ProcessorTimeAsync() : TimeSpan.Zero),
            dispatcher, site);
    }

    public static async Task<AcceptPeer> StartOnRedisAsync(string name, string store, CancellationToken stop)
    {
        var redis = await RedisServer.StartAsync();
        var port = FreePort.Next();
        var process = await PeerPrograms.StartAsync("node", ["accept.js", store, $"{port}", redis.Url], "ready", stop);
        return new AcceptPeer(name, Local(port), () => new(process.ProcessorTime + redis.ProcessorTime), process, redis);
    }

    public static Task<AcceptPeer> StartPgBossAsync(string name, CancellationToken stop) => StartOnPostgresAsync(
        name, (port, database) => PeerPrograms.StartAsync("node", ["accept.js", "pg-boss", $"{port}", ToUrl(database)], "ready", stop));

    public static Task<AcceptPeer> StartWolverineAsync(string name, string assembly, CancellationToken stop) => StartOnPostgresAsync(
        name, (port, database) => PeerPrograms.StartAsync("dotnet", [assembly, $"{port}", database.ConnectionString()], "ready", stop));

    /// <summary>One slice of load.</summary>
    public async Task MeasureAsync(Slice slice, int connections, int customers, int bodyBytes, bool isKept, CancellationToken stop)
    {
        var before = await _processorTime();
        var result = (await LoadProcess.RunAsync(Url, connections, customers, bodyBytes, [slice], null, stop)).Single();
        if (isKept)
        {
            Rounds.Add(new AcceptRound(result.PerSecond, (await _processorTime() - before).TotalMicroseconds / result.Requests, result.P99, result.Failures));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
        {
            await part.DisposeAsync();
        }
    }

    private static async Task<AcceptPeer> StartOnPostgresAsync(string name, Func<int, PostgresServer, Task<ChildProcess>> start)
    {
        var database = await PostgresServer.StartDurableAsync();
        var port = FreePort.Next();
        var process = await start(port, database);
        return new AcceptPeer(name, Local(port), async () => process.ProcessorTime + await database.ProcessorTimeAsync(), process, database);
    }

    private static string ToUrl(PostgresServer server)
    {
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(server.ConnectionString());
        return $"postgres://{parts.Username}@{parts.Host}:{parts.Port}/{parts.Database}";
    }

    private static Uri Local(int port) => new($"http://127.0.0.1:{port}");
}

/// <summary>What one slice of load came to.</summary>
/// <param name="PerSecond">Calls that were stored and answered 200, a second.</param>
/// <param name="Cpu">Processor time of all server processes, in µs a call.</param>
/// <param name="P99">Of the round trip, in ms.</param>
/// <param name="Failures">Calls that were answered otherwise.</param>
internal sealed record AcceptRound(double PerSecond, double Cpu, double P99, long Failures);
