using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using CioOrleans.Bench.Reporting;

namespace CioOrleans.Bench.Processes;

/// <summary>The dispatcher as a user runs it: its own process on a free port, one workspace, its data in a folder that outlives it.</summary>
internal sealed class DispatcherProcess : IAsyncDisposable
{
    public const string SiteId = "site";
    public const string ApiKey = "key";

    private const string Workspace = "acme";
    private const string AdminPath = "/admin/workspaces/" + Workspace;

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(10);

    private readonly ChildProcess _process;

    private DispatcherProcess(ChildProcess process, Uri url, Uri admin, long startedAt)
    {
        _process = process;
        Url = url;
        Admin = admin;
        StartedAt = startedAt;
        Http = new HttpClient(new AdminRoute(() => admin)) { BaseAddress = url };
        Http.DefaultRequestHeaders.Authorization = new("Basic", Credentials);
    }

    /// <summary>As they stand behind <c>Basic</c>.</summary>
    public static string Credentials { get; } = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SiteId}:{ApiKey}"));

    public Uri Url { get; }

    /// <summary>Where its admin listener is.</summary>
    public Uri Admin { get; }

    /// <summary>A client with the workspace's credentials, for the API and for the admin listener.</summary>
    public HttpClient Http { get; }

    public int Id => _process.Id;

    /// <summary>The last of what it has written.</summary>
    public string LastLines => _process.LastLines;

    /// <summary>When its process was started, by <see cref="Stopwatch"/>.</summary>
    public long StartedAt { get; }

    /// <summary>What it has taken of the processors so far.</summary>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>What it has written to disks so far.</summary>
    public long BytesWritten => File.ReadLines($"/proc/{Id}/io")
        .Where(line => line.StartsWith("write_bytes:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan(line.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture))
        .Single();

    public ProcessMemory Memory => ProcessMemory.Of(Id);

    /// <summary>Starts the process and waits for nothing. One limit holds for all Track calls together.</summary>
    /// <param name="folder">The folder of its data.</param>
    /// <param name="customerIo">Where it delivers to.</param>
    /// <param name="limit">As in the settings: <c>100/1s</c>.</param>
    /// <param name="host">Which process.</param>
    /// <param name="settings">More settings of the workspace, by their key below it; others by their whole name.</param>
    public static DispatcherProcess Launch(
        DataFolder folder, Uri customerIo, string limit, DispatcherHost host = DispatcherHost.Product, params (string Key, string Value)[] settings)
    {
        var environment = Workspaces(customerIo, limit, settings);
        environment["Dispatcher__Storage__ConnectionString"] = $"Data Source={folder.Database}";
        return Launch(environment, host);
    }

    /// <summary>Starts the process with settings from its environment and waits for nothing.</summary>
    public static DispatcherProcess Launch(IReadOnlyDictionary<string, string> environment, DispatcherHost host) => Launch(environment, host == DispatcherHost.Product
        ? [BuildPaths.ApiAssembly]
        : ["exec", "--runtimeconfig", Path.ChangeExtension(BuildPaths.ApiAssembly, ".runtimeconfig.json"), BuildPaths.BenchAssembly, "serve"]);

    /// <summary>Starts the dispatcher of another build with its endpoint that does nothing.</summary>
    /// <param name="bench">The bench of that build: its CioOrleans.Bench.dll.</param>
    /// <param name="site">Where its data are.</param>
    /// <param name="variables">Variables of its environment beside the site's.</param>
    /// <param name="stop">Ends the waiting.</param>
    public static Task<DispatcherProcess> StartOtherAsync(string bench, DispatcherSite site, IReadOnlyDictionary<string, string> variables, CancellationToken stop)
    {
        // The first versions have no admin listener.
        var folder = Path.GetDirectoryName(bench)!;
        var hasAdmin = File.ReadAllText(Path.Combine(folder, "CioOrleans.Silo.xml")).Contains("AdminListener", StringComparison.Ordinal);
        var environment = site.Environment.Concat(variables).ToDictionary();
        return ReadyAsync(Launch(environment, ["exec", "--runtimeconfig", Path.Combine(folder, "CioOrleans.Api.runtimeconfig.json"), bench, "serve"], hasAdmin), stop);
    }

    private static DispatcherProcess Launch(IReadOnlyDictionary<string, string> environment, string[] command, bool hasAdmin = true)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var admin = hasAdmin ? new Uri($"http://127.0.0.1:{FreePort.Next()}") : url;
        var startedAt = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(
            "dotnet",
            command,
            new Dictionary<string, string>(environment) { ["Urls"] = url.ToString(), [hasAdmin ? "Dispatcher__Admin__Url" : "Unused"] = admin.ToString() },
            Path.GetDirectoryName(BuildPaths.ApiAssembly));
        return new DispatcherProcess(process, url, admin, startedAt);
    }

    /// <summary>The one workspace, as variables of a process's environment.</summary>
    public static Dictionary<string, string> Workspaces(Uri customerIo, string limit, params (string Key, string Value)[] settings)
    {
        const string workspace = $"Dispatcher__Workspaces__{Workspace}__";
        var environment = new Dictionary<string, string>
        {
            [workspace + "SiteId"] = SiteId,
            [workspace + "ApiKey"] = ApiKey,
            [workspace + "TrackUrl"] = customerIo.ToString(),
            [workspace + "AppUrl"] = customerIo.ToString(),
            [workspace + "Limits__identify"] = limit,
            [workspace + "Limits__track"] = "identify",
            [workspace + "Limits__page"] = "identify",
        };
        foreach (var (key, value) in settings)
        {
            environment[key.StartsWith("Dispatcher__", StringComparison.Ordinal) ? key : workspace + key] = value;
        }

        return environment;
    }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static async Task<DispatcherProcess> StartAsync(
        DataFolder folder, Uri customerIo, string limit, CancellationToken stop, DispatcherHost host = DispatcherHost.Product, params (string Key, string Value)[] settings)
    {
        return await ReadyAsync(Launch(folder, customerIo, limit, host, settings), stop);
    }

    /// <summary>Starts it at a site and waits until it says that it is ready.</summary>
    public static Task<DispatcherProcess> StartAsync(DispatcherSite site, DispatcherHost host, CancellationToken stop) => ReadyAsync(Launch(site.Environment, host), stop);

    /// <summary>Waits until it says that it is ready, and returns how long that took from the start of its process.</summary>
    public async Task<TimeSpan> WaitUntilReadyAsync(CancellationToken stop)
    {
        while (!await IsReadyAsync(stop))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The dispatcher ended before it was ready:\n{_process.LastLines}");
            }

            await Task.Delay(_poll, stop);
        }

        return Stopwatch.GetElapsedTime(StartedAt);
    }

    public async Task<DispatcherStatus> StatusAsync(CancellationToken stop) =>
        (await Http.GetFromJsonAsync<DispatcherStatus>(new Uri(AdminPath, UriKind.Relative), stop))!;

    /// <summary>Stops delivery; calls are still accepted.</summary>
    public Task PauseAsync(CancellationToken stop) => PostAsync($"{AdminPath}/pause", stop);

    public Task ResumeAsync(CancellationToken stop) => PostAsync($"{AdminPath}/resume", stop);

    /// <summary>Follows delivery until nothing waits any more, dead letters aside.</summary>
    public async Task WaitUntilEmptyAsync(string title, CancellationToken stop)
    {
        var total = (await StatusAsync(stop)).Queued;
        var left = total;
        await Steps.FollowAsync(title, total, () => total - left, DrainAsync());

        async Task DrainAsync()
        {
            while (left > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
                left = (await StatusAsync(stop)).Queued;
            }
        }
    }

    public Task KillAsync() => _process.KillAsync();

    public Task TerminateAsync() => _process.TerminateAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<DispatcherProcess> ReadyAsync(DispatcherProcess dispatcher, CancellationToken stop)
    {
        try
        {
            await dispatcher.WaitUntilReadyAsync(stop);
            return dispatcher;
        }
        catch
        {
            await dispatcher.DisposeAsync();
            throw;
        }
    }

    private async Task PostAsync(string path, CancellationToken stop)
    {
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), null, stop);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
