using Npgsql;

namespace CioOrleans.Bench.Processes;

/// <summary>What a dispatcher needs beside its own process: a file's folder, or a database server, or that and a silo.</summary>
internal sealed class DispatcherSite : IAsyncDisposable
{
    private readonly DataFolder _folder = new();
    private readonly PostgresServer? _database;
    private readonly Dictionary<string, string> _environment;
    private ChildProcess? _silo;

    private DispatcherSite(PostgresServer? database, Uri customerIo, string limit)
    {
        _database = database;
        _environment = DispatcherProcess.Workspaces(customerIo, limit);
        _environment["Dispatcher__Storage__Provider"] = database is null ? "Sqlite" : "Postgres";
        _environment["Dispatcher__Storage__ConnectionString"] = database?.ConnectionString() ?? $"Data Source={_folder.Database}";
    }

    /// <summary>For the process that answers HTTP.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    public string ConnectionString => _environment["Dispatcher__Storage__ConnectionString"];

    /// <summary>The database server; null where a file is used.</summary>
    public PostgresServer? Database => _database;

    /// <summary>What the site has taken of the processors and written so far, beside the process that answers HTTP.</summary>
    public async Task<SiteCosts> CostsAsync(CancellationToken stop)
    {
        if (_database is null)
        {
            return default;
        }

        await using var connection = new NpgsqlConnection(_database.ConnectionString());
        await connection.OpenAsync(stop);
        await using var position = new NpgsqlCommand("select (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint", connection);
        var logBytes = (long)(await position.ExecuteScalarAsync(stop))!;
        return new SiteCosts(_silo?.ProcessorTime ?? TimeSpan.Zero, await _database.ProcessorTimeAsync(), logBytes);
    }

    public static async Task<DispatcherSite> StartAsync(Deployment deployment, Uri customerIo, string limit)
    {
        var site = new DispatcherSite(deployment == Deployment.Sqlite ? null : await PostgresServer.StartDurableAsync(), customerIo, limit);
        if (deployment == Deployment.FrontEnd)
        {
            await site.StartSiloAsync();
        }

        return site;
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Migrates first: a front-end ends where it starts before the tables are there.</summary>
    private async Task StartSiloAsync()
    {
        Dictionary<string, string> silo = new(_environment)
        {
            ["Dispatcher__Cluster__Mode"] = "Silo",
            ["Dispatcher__Cluster__AdvertisedAddress"] = "127.0.0.1",
            ["Dispatcher__Cluster__SiloPort"] = $"{FreePort.Next()}",
            ["Dispatcher__Cluster__GatewayPort"] = $"{FreePort.Next()}",
            ["Dispatcher__Admin__Url"] = "http://127.0.0.1:0",
            ["Urls"] = $"http://127.0.0.1:{FreePort.Next()}",
        };
        await using (var migration = Start("migrate"))
        {
            await migration.WaitForSuccessAsync(CancellationToken.None);
        }

        _silo = Start();
        _environment["Dispatcher__Cluster__Mode"] = "Client";

        ChildProcess Start(params string[] arguments) =>
            ChildProcess.Start("dotnet", [BuildPaths.SiloAssembly, .. arguments], silo, Path.GetDirectoryName(BuildPaths.SiloAssembly));
    }
}

/// <summary>What a site has used since it started.</summary>
/// <param name="Silo">The processor time of the silo, if it is a process of its own.</param>
/// <param name="Database">The processor time of the database server.</param>
/// <param name="LogBytes">The bytes of the database server's log.</param>
internal readonly record struct SiteCosts(TimeSpan Silo, TimeSpan Database, long LogBytes);
