namespace CioOrleans.Bench.Comparison;

/// <summary>A Redis server in a temporary folder that syncs its log before it answers.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly ChildProcess _process;

    private RedisServer(string folder, ChildProcess process, int port) => (_folder, _process, Url) = (folder, process, $"redis://127.0.0.1:{port}");

    public string Url { get; }

    /// <summary>What it has taken of the processors so far.</summary>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    public static async Task<RedisServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("cio-redis-").FullName;
        var port = FreePort.Next();
        var process = ChildProcess.Start("redis-server", [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"]);
        var server = new RedisServer(folder, process, port);
        try
        {
            using var patience = new CancellationTokenSource(_patience);
            await foreach (var line in process.Lines.ReadAllAsync(patience.Token))
            {
                if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
                {
                    return server;
                }
            }

            throw new InvalidOperationException($"Redis did not start:\n{process.LastLines}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
