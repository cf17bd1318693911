namespace CioOrleans.Testing.Cluster;

/// <summary>One process of the cluster, which may be ended and started again under the same address.</summary>
/// <param name="name">For messages.</param>
/// <param name="prefix">The command that starts other programs where the process is to run; empty for here.</param>
/// <param name="assembly">The program.</param>
/// <param name="health">Where it serves <c>/health</c>.</param>
/// <param name="admin">Where its admin listener is.</param>
/// <param name="environment">Its settings.</param>
public sealed class ClusterProcess(
    string name, IReadOnlyList<string> prefix, string assembly, Uri health, Uri admin, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    /// <summary>Generous: a busy machine starts several at once.</summary>
    private static readonly TimeSpan _startPatience = TimeSpan.FromSeconds(90);

    private readonly List<ChildProcess> _runs = [];
    private readonly HttpClient _http = new() { BaseAddress = health, Timeout = TimeSpan.FromSeconds(2) };
    private ChildProcess? _current;

    public string Name => name;

    /// <summary>The assembly that its next start runs.</summary>
    public string Assembly { get; set; } = assembly;

    public Uri Url => health;

    public Uri Admin => admin;

    public bool IsRunning => _current is { HasExited: false };

    /// <summary>What all its runs have written.</summary>
    public string Output => string.Join('\n', _runs.Select(run => run.Output));

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public async Task StartAsync()
    {
        Begin();
        if (!await WaitUntilReadyAsync())
        {
            throw new InvalidOperationException($"{name} {(IsRunning ? "is not ready yet" : "has ended")}:\n{_current!.Output}");
        }
    }

    /// <summary>Starts it and does not wait.</summary>
    public void Begin()
    {
        string[] command = [.. prefix, "dotnet", Assembly];
        _current = ChildProcess.Start(command[0], command.Skip(1), environment, Path.GetDirectoryName(Assembly), isShortLived: true);
        _runs.Add(_current);
    }

    /// <summary>Starts it unless it is ready; it may be about to end.</summary>
    public async Task EnsureReadyAsync()
    {
        if (!await WaitUntilReadyAsync())
        {
            await StartAsync();
        }
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _current!.KillAsync();

    /// <summary>Asks it to stop, as an orchestrator does, and returns its exit code.</summary>
    public Task<int> TerminateAsync() => _current!.TerminateAsync();

    /// <summary>Waits until it ends by itself, and returns its exit code.</summary>
    public Task<int> WaitForEndAsync() => _current!.WaitAsync();

    /// <summary><c>STOP</c> or <c>CONT</c>.</summary>
    public Task SignalAsync(string signal) => _current!.SignalAsync(signal);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var run in _runs)
        {
            await run.DisposeAsync();
        }
    }

    /// <summary>Waits until it serves and wants calls. False when it has ended, or takes too long.</summary>
    private async Task<bool> WaitUntilReadyAsync()
    {
        using var patience = new CancellationTokenSource(_startPatience, TimeProvider.System);
        while (IsRunning && !patience.IsCancellationRequested)
        {
            if (await IsReadyAsync())
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }

        return false;
    }

    /// <summary>Whether it says that it is ready.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
