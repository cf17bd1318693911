using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Testing;
using CioOrleans.Testing.Processes;

[assembly: AssemblyFixture(typeof(CioOrleans.Cli.Tests.SharedDispatcher))]

namespace CioOrleans.Cli.Tests;

/// <summary>One dispatcher for all tests, because its start costs more than most of them. Each test has a workspace and a sandbox of its own.</summary>
public sealed class SharedDispatcher : IAsyncLifetime
{
    /// <summary>The number of tests that may have a workspace, for each value of <c>OnDeadLetter</c>.</summary>
    private const int Tests = 32;

    private readonly DataFolder _data = new();
    private readonly Dictionary<string, Queue<(string Name, string WriteKey, Uri CustomerIo)>> _free = new() { ["Continue"] = new(), ["Hold"] = new() };
    private Dispatcher _dispatcher = null!;

    public async ValueTask InitializeAsync()
    {
        List<(string Key, string Value)> settings = [("Dispatcher__History__Bodies", "All")];
        foreach (var (onDeadLetter, free) in _free)
        {
            for (var i = 0; i < Tests; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{onDeadLetter}-{i}");
                var (writeKey, customerIo) = ($"write-{name}", new Uri($"http://127.0.0.1:{FreePort.Next()}"));
                var section = $"Dispatcher__Workspaces__{name}__";
                settings.AddRange(
                    (section + "SiteId", name),
                    (section + "ApiKey", Dispatcher.ApiKey),
                    (section + "TrackUrl", $"{customerIo}"),
                    (section + "AppUrl", $"{customerIo}"),
                    (section + "PipelinesWriteKey", writeKey),
                    (section + "PipelinesUrl", $"{customerIo}"),
                    (section + "OnDeadLetter", onDeadLetter));
                free.Enqueue((name, writeKey, customerIo));
            }
        }

        _dispatcher = await Dispatcher.StartAsync(_data, new Uri("http://127.0.0.1:1"), [.. settings]);
    }

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>A workspace that no test has had, and the sandbox that it delivers to.</summary>
    internal async Task<CliWorkspace> TakeAsync(string onDeadLetter)
    {
        (string Name, string WriteKey, Uri CustomerIo) taken;
        lock (_free)
        {
            taken = _free[onDeadLetter].Dequeue();
        }

        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = $"{taken.CustomerIo}", RecordRequests = 10_000 });
        return new CliWorkspace(_dispatcher, taken.Name, taken.WriteKey, sandbox);
    }
}

/// <summary>A test's workspace in the dispatcher, and what it delivers to.</summary>
internal sealed class CliWorkspace : IAsyncDisposable
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public CliWorkspace(Dispatcher dispatcher, string name, string writeKey, SandboxServer sandbox)
    {
        (Dispatcher, Name, WriteKey, Sandbox) = (dispatcher, name, writeKey, sandbox);
        Http = new HttpClient(new AdminRoute(() => dispatcher.Admin)) { BaseAddress = dispatcher.Url };
        Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{Dispatcher.ApiKey}")));
    }

    public Dispatcher Dispatcher { get; }

    /// <summary>Its name, which is its site id too.</summary>
    public string Name { get; }

    public string WriteKey { get; }

    public SandboxServer Sandbox { get; }

    /// <summary>A client with the workspace's credentials, for the API and for the admin listener.</summary>
    public HttpClient Http { get; }

    public Task WaitUntilEmptyAsync() => Wait.UntilAsync(
        $"The delivery of all calls of {Name}",
        _patience,
        async () => (await Http.GetFromJsonAsync<JsonElement>(new Uri($"/admin/workspaces/{Name}", UriKind.Relative))).GetProperty("queued").GetInt64() == 0);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Sandbox.DisposeAsync();
    }
}
