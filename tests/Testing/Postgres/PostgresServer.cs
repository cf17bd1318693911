using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace CioOrleans.Testing.Postgres;

/// <summary>A PostgreSQL server of the tests' own, in a temporary folder, on loopback. PostgreSQL refuses to run as root: there it runs as the user postgres.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> _shared = new(() => StartNewAsync());

    /// <summary>The longest time for one of its programs; pg_ctl itself gives up after a minute.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>Linux counts in hundredths of a second.</summary>
    private const int MillisecondsATick = 10;

    private readonly string _binaries;
    private readonly string _folder;
    private readonly int _port;
    private readonly string _addresses;
    private readonly string _options;

    private PostgresServer(string binaries, string folder, int port, string addresses, string options)
    {
        _options = options;
        _addresses = addresses;
        _binaries = binaries;
        _folder = folder;
        _port = port;
    }

    /// <summary>Why no server can be started; null where one can.</summary>
    public static string? MissingReason =>
        PostgresBinaries.Find() is null ? "There is no PostgreSQL server on this machine (looked in PATH and in the usual folders)." : null;

    public string ConnectionString(string database = "postgres", string host = "127.0.0.1") =>
        new NpgsqlConnectionStringBuilder { Host = host, Port = _port, Username = "postgres", Database = database }.ConnectionString;

    /// <summary>The server that all tests of a run share.</summary>
    public static Task<PostgresServer> SharedAsync() => _shared.Value;

    /// <summary>A server of its own, for tests that stop it.</summary>
    /// <param name="alsoAt">Further addresses of this machine on which it listens, without authentication.</param>
    // No autovacuum: its transactions would hold back the positions that exact tests of new work rely on. No fsync: no test
    // here pulls the plug, and a crash of the server alone loses nothing that it handed to the operating system.
    public static Task<PostgresServer> StartNewAsync(params string[] alsoAt) => StartNewAsync("-c autovacuum=off -c fsync=off", alsoAt);

    /// <summary>A server that keeps what it says it keeps, with its own defaults: for measurements.</summary>
    public static Task<PostgresServer> StartDurableAsync() => StartNewAsync("", []);

    private static async Task<PostgresServer> StartNewAsync(string options, string[] alsoAt)
    {
        var binaries = PostgresBinaries.Find() ?? throw new InvalidOperationException(MissingReason);
        var folder = Directory.CreateTempSubdirectory("cio-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["postgres", folder]);
        }

        var server = new PostgresServer(binaries, folder, FreePort.Next(), string.Join(',', ["127.0.0.1", .. alsoAt]), options);
        await server.RunOwnedAsync("initdb", ["-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        if (alsoAt.Length > 0)
        {
            await File.AppendAllTextAsync(Path.Combine(server.Data, "pg_hba.conf"), "host all all 0.0.0.0/0 trust\n");
        }

        await server.StartAsync();
        server.RemoveAfterThisProcess();
        return server;
    }

    public Task StartAsync() => RunOwnedAsync("pg_ctl", [
        "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "log"),
        "-o", $"-p {_port} -c listen_addresses={_addresses} -c unix_socket_directories='' -c max_connections=200 {_options}"]);

    /// <param name="mode"><c>fast</c> closes the connections in order, <c>immediate</c> is a crash.</param>
    public Task StopAsync(string mode = "fast") => RunOwnedAsync("pg_ctl", ["stop", "-w", "-D", Data, "-m", mode]);

    /// <summary><c>kill -9</c> of the server's first process; the others notice and end.</summary>
    public async Task KillAsync()
    {
        using var server = Process.GetProcessById(int.Parse(await ReadPidAsync(), CultureInfo.InvariantCulture));
        server.Kill();
        await server.WaitForExitAsync().WaitAsync(_patience, TimeProvider.System);
    }

    /// <summary>Sends a signal, such as <c>STOP</c>, to all processes of the server.</summary>
    public async Task SignalAsync(string signal)
    {
        var first = await ReadPidAsync();
        var others = await File.ReadAllTextAsync($"/proc/{first}/task/{first}/children");
        using var kill = Process.Start("kill", [$"-{signal}", first, .. others.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await kill.WaitForExitAsync().WaitAsync(_patience, TimeProvider.System);
    }

    /// <summary>What all its processes have taken of the processors so far, those included that have ended.</summary>
    public async Task<TimeSpan> ProcessorTimeAsync()
    {
        var first = await ReadPidAsync();
        var others = await File.ReadAllTextAsync($"/proc/{first}/task/{first}/children");
        var ticks = others.Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(process => ReadTicks(process, withEnded: false)) + ReadTicks(first, withEnded: true);
        return TimeSpan.FromMilliseconds(ticks * MillisecondsATick);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync("immediate");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>utime and stime of proc(5), and cutime and cstime for children that have ended; 0 for a process that has ended meanwhile.</summary>
    private static long ReadTicks(string process, bool withEnded)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[11..(withEnded ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private async Task<string> ReadPidAsync() => (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Whatever becomes of the tests' process, its server does not outlive it.</summary>
    private void RemoveAfterThisProcess()
    {
        const string script = "trap '' HUP INT TERM; while kill -0 $0 2> /dev/null; do sleep 1; done; \"$@\" > /dev/null 2>&1; rm -rf \"${FOLDER}\"";
        var path = Path.Combine(_binaries, "pg_ctl");
        string[] asOwner = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
        var watch = new ProcessStartInfo("/bin/sh", ["-c", $"({script}) > /dev/null 2>&1 < /dev/null &", $"{Environment.ProcessId}", .. asOwner, path, "stop", "-w", "-D", Data, "-m", "immediate"])
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        watch.Environment["FOLDER"] = _folder;
        Process.Start(watch)!.Dispose();
    }

    private Task RunOwnedAsync(string program, string[] arguments)
    {
        var path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        // Not redirected: the server inherits the streams, and would keep a reader waiting for their end.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" > /dev/null 2>&1 < /dev/null", "sh", program, .. arguments])
        {
            WorkingDirectory = Path.GetTempPath(),
        })!;
        await process.WaitForExitAsync().WaitAsync(_patience, TimeProvider.System);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
