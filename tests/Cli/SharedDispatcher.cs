using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using CioOrleans.Sandbox;
using CioOrleans.Testing.Processes;

[assembly: AssemblyFixture(typeof(CioOrleans.Cli.Tests.SharedDispatcher))]

namespace CioOrleans.Cli.Tests;

/// <summary>One dispatcher for all tests, because its start costs more than most of them. Each test has a workspace and a sandbox of its own.</summary>
public sealed class SharedDispatcher : IAsyncLifetime
{
    /// <summary>How many tests may have a workspace with this <c>OnDeadLetter</c>.</summary>
    private static readonly (string OnDeadLetter, int Tests)[] _kinds = [("Continue", 32), ("Hold", 4)];

    private readonly DataFolder _data = new();
    private readonly Dictionary<string, ConcurrentQueue<(string Name, SandboxServer Sandbox)>> _free = new();
    private Dispatcher _dispatcher = null!;

    public async ValueTask InitializeAsync()
    {
        List<(string Key, string Value)> settings = [("Dispatcher__History__Bodies", "All")];
        foreach (var (onDeadLetter, tests) in _kinds)
        {
            var free = _free[onDeadLetter] = new();
            for (var i = 0; i < tests; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{onDeadLetter}-{i}");
                var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", RecordRequests = 10_000 });
                var section = $"Dispatcher__Workspaces__{name}__";
                settings.AddRange(
                    (section + "SiteId", name),
                    (section + "ApiKey", Dispatcher.ApiKey),
                    (section + "TrackUrl", $"{sandbox.Url}"),
                    (section + "AppUrl", $"{sandbox.Url}"),
                    (section + "PipelinesWriteKey", CliWorkspace.WriteKeyOf(name)),
                    (section + "PipelinesUrl", $"{sandbox.Url}"),
                    (section + "OnDeadLetter", onDeadLetter));
                free.Enqueue((name, sandbox));
            }
        }

        _dispatcher = await Dispatcher.StartAsync(_data, _free[_kinds[0].OnDeadLetter].First().Sandbox.Url, [.. settings]);
    }

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        foreach (var (_, sandbox) in _free.Values.SelectMany(free => free))
        {
            await sandbox.DisposeAsync();
        }

        _data.Dispose();
    }

    /// <summary>A workspace that no test has had, and the sandbox that it delivers to.</summary>
    internal CliWorkspace Take(string onDeadLetter) => _free[onDeadLetter].TryDequeue(out var free)
        ? new CliWorkspace(_dispatcher, free.Name, free.Sandbox)
        : throw new InvalidOperationException($"There are more tests than workspaces with OnDeadLetter {onDeadLetter}: raise their number here.");
}

/// <summary>A test's workspace in the dispatcher, and what it delivers to.</summary>
internal sealed class CliWorkspace : IAsyncDisposable
{
    public CliWorkspace(Dispatcher dispatcher, string name, SandboxServer sandbox)
    {
        (Dispatcher, Name, Sandbox) = (dispatcher, name, sandbox);
        Http = new HttpClient(new AdminRoute(() => dispatcher.Admin)) { BaseAddress = dispatcher.Url };
        Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{Dispatcher.ApiKey}")));
    }

    public Dispatcher Dispatcher { get; }

    /// <summary>Its name, which is its site id too.</summary>
    public string Name { get; }

    public string WriteKey => WriteKeyOf(Name);

    public SandboxServer Sandbox { get; }

    /// <summary>A client with the workspace's credentials, for the API and for the admin listener.</summary>
    public HttpClient Http { get; }

    public static string WriteKeyOf(string name) => $"write-{name}";

    public Task WaitUntilEmptyAsync() => Dispatcher.WaitUntilEmptyAsync(Http, Name);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Sandbox.DisposeAsync();
    }
}
