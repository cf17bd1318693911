using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CioOrleans.Testing.Processes;

/// <summary>The dispatcher as a user runs it: its own process on a free port, one workspace, its data in a folder that outlives it.</summary>
public sealed partial class Dispatcher : IAsyncDisposable
{
    public const string SiteId = "site";
    public const string ApiKey = "key";

    /// <summary>Generous: a busy machine starts several processes at once.</summary>
    private static readonly TimeSpan _startPatience = TimeSpan.FromSeconds(90);

    /// <summary>For the next delivery: a lease may have to end before it.</summary>
    private static readonly TimeSpan _deliveryPatience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _statusPause = TimeSpan.FromMilliseconds(50);

    /// <summary>The names of variables that are no settings of the workspace begin so.</summary>
    private static readonly string[] _ownPrefixes = ["Dispatcher", "Kestrel", "OTEL_"];

    private readonly ChildProcess _process;

    private Dispatcher(ChildProcess process, Uri url)
    {
        _process = process;
        Url = url;
        Http = new HttpClient(new AdminRoute(() => Admin)) { BaseAddress = url };
        Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("site:key"u8));
    }

    public Uri Url { get; }

    /// <summary>Where its admin listener is.</summary>
    public Uri Admin => AdminAddressOf(_process) ?? throw new InvalidOperationException($"The dispatcher has not said where its admin listener is:\n{Output}");

    /// <summary>A client with the workspace's credentials, for the API and for the admin listener.</summary>
    public HttpClient Http { get; }

    public int Id => _process.Id;

    public string Output => _process.Output;

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    /// <param name="folder">The folder of its data.</param>
    /// <param name="customerIo">Where it delivers to.</param>
    /// <param name="settings">More settings of the workspace, by their key below it.</param>
    public static async Task<Dispatcher> StartAsync(DataFolder folder, Uri customerIo, params (string Key, string Value)[] settings)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var dispatcher = new Dispatcher(Launch(url, folder, customerIo, settings), url);
        await dispatcher.WaitUntilReadyAsync();
        return dispatcher;
    }

    /// <summary>Starts the process and waits for nothing.</summary>
    public static ChildProcess Launch(Uri url, DataFolder folder, Uri customerIo, params (string Key, string Value)[] settings)
    {
        const string workspace = "Dispatcher__Workspaces__acme__";
        var environment = new Dictionary<string, string>
        {
            ["Urls"] = url.ToString(),
            ["Dispatcher__Admin__Url"] = "http://127.0.0.1:0",
            ["Dispatcher__Storage__ConnectionString"] = $"Data Source={Path.Combine(folder.Path, "cio.db")}",
            [workspace + "SiteId"] = SiteId,
            [workspace + "ApiKey"] = ApiKey,
            [workspace + "TrackUrl"] = customerIo.ToString(),
            [workspace + "AppUrl"] = customerIo.ToString(),
            [workspace + "Limits__track"] = "identify",
            [workspace + "Limits__page"] = "identify",
        };
        foreach (var (key, value) in settings)
        {
            environment[_ownPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) ? key : workspace + key] = value;
        }

        return Launch(BuildPaths.ApiAssembly, environment);
    }

    /// <summary>Starts src/Silo on a database, and waits for nothing.</summary>
    public static ChildProcess LaunchSilo(string mode, string database, params string[] arguments) => Launch(
        BuildPaths.SiloAssembly,
        new Dictionary<string, string>
        {
            ["Urls"] = $"http://127.0.0.1:{FreePort.Next()}",
            ["Dispatcher__Admin__Url"] = "http://127.0.0.1:0",
            ["Dispatcher__Storage__Provider"] = "Postgres",
            ["Dispatcher__Storage__ConnectionString"] = database,
            ["Dispatcher__Cluster__Mode"] = mode,
            ["Dispatcher__Workspaces__acme__SiteId"] = SiteId,
            ["Dispatcher__Workspaces__acme__ApiKey"] = ApiKey,
        },
        arguments);

    /// <summary>Where a process's admin listener is, by what the process has written; null before it has.</summary>
    public static Uri? AdminAddressOf(ChildProcess process) => Serving().Match(process.Output) is { Success: true } match ? new Uri(match.Groups[1].Value) : null;

    public Task KillAsync() => _process.KillAsync();

    public Task<int> TerminateAsync() => _process.TerminateAsync();

    /// <summary>Runs an action while the process is stopped: each thread has ended what it did in the kernel.</summary>
    public async Task<T> WhileFrozenAsync<T>(Func<T> action)
    {
        await _process.SignalAsync("STOP");
        try
        {
            await Wait.UntilAsync("The stop of each thread", TimeSpan.FromSeconds(60), () =>
                Directory.EnumerateDirectories($"/proc/{Id}/task").All(thread => File.ReadAllText($"{thread}/stat").Split(") ")[^1][0] == 'T'));
            return action();
        }
        finally
        {
            await _process.SignalAsync("CONT");
        }
    }

    /// <summary>Waits until nothing waits for delivery any more, as long as ever fewer calls wait.</summary>
    public Task WaitUntilEmptyAsync() => WaitUntilEmptyAsync(Http, "acme");

    /// <summary>The same for one of several workspaces, with a client that has its credentials and <see cref="AdminRoute"/>.</summary>
    public static async Task WaitUntilEmptyAsync(HttpClient http, string workspace)
    {
        for (var queued = long.MaxValue; queued > 0;)
        {
            var before = queued;
            await Wait.UntilAsync($"The delivery of one of {before} calls", _deliveryPatience, async () =>
            {
                var status = await http.GetFromJsonAsync<JsonElement>(new Uri($"/admin/workspaces/{workspace}", UriKind.Relative));
                queued = status.GetProperty("queued").GetInt64();
                return queued < before || queued == 0;
            });

            // Without a pause the questions would take as much processor time as the deliveries.
            if (queued > 0)
            {
                await Task.Delay(_statusPause, TimeProvider.System);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private static ChildProcess Launch(string assembly, Dictionary<string, string> environment, params string[] arguments) =>
        ChildProcess.Start("dotnet", [assembly, .. arguments], environment, Path.GetDirectoryName(assembly), isShortLived: true);

    private async Task WaitUntilReadyAsync()
    {
        try
        {
            await Wait.UntilAsync("The readiness of the dispatcher", _startPatience, async () =>
                _process.HasExited ? throw new InvalidOperationException($"The dispatcher ended with {await _process.WaitAsync()} before it was ready.") : await IsReadyAsync() && AdminAddressOf(_process) is not null);
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            await DisposeAsync();
            throw new InvalidOperationException($"{exception.Message} It wrote:\n{Output}", exception);
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex("The admin listener serves (http://[^\\s\"]+[0-9])")]
    private static partial Regex Serving();
}
