using System.Text.Json;
using CioOrleans.Client;
using CioOrleans.Customers;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Outbox;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Recording;
using CioOrleans.Sqlite.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace CioOrleans;

/// <summary>A sandbox that keeps its requests, and a folder for the dispatcher's file.</summary>
public abstract class DispatcherTest : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cio-grains-").FullName;

    internal SandboxServer Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Sandbox = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", RecordRequests = 100_000 });

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal Task<DispatcherHost> StartAsync(params (string Key, string Value)[] settings) => DispatcherHost.StartAsync(_folder, Sandbox, settings);

    internal Task<DispatcherHost> StartAsync(ILeaseStore leases) => DispatcherHost.StartAsync(_folder, Sandbox, leases);

    internal Task<DispatcherHost> StartAsync(Action<IServiceCollection> replace, params (string Key, string Value)[] settings) =>
        DispatcherHost.StartAsync(_folder, Sandbox, replace, settings);

    /// <summary>The same on an outbox that passes for one that other processes use too.</summary>
    internal Task<DispatcherHost> StartSharedAsync(params (string Key, string Value)[] settings) => StartAsync(
        services => services.AddSingleton<IOutbox>(provider => new GatedOutbox(provider.GetRequiredService<SqliteOutbox>()) { IsShared = true }), settings);

    internal static async Task IdentifyAsync(IWorkspaceDispatcher workspace, string customer, int seq) =>
        Assert.IsType<AcceptResult.Accepted>(await workspace.Customer(customer).IdentifyAsync(new { seq }));

    /// <summary>The targets of what arrived, in order, without their common start.</summary>
    internal IReadOnlyList<string> ArrivedTargets() => [.. Sandbox.Requests.Select(r => $"{r.Method} {r.RawTarget.Replace("/api/v1/", "", StringComparison.Ordinal)}")];

    /// <summary>The seqs that were processed for a customer, in order.</summary>
    internal IReadOnlyList<int> ArrivedSeqs(string customer) =>
        [.. Sandbox.Requests.Where(r => r.Status == 200 && r.RawTarget == $"/api/v1/customers/{customer}").Select(Seq)];

    private static int Seq(RecordedRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.GetProperty("seq").GetInt32();
    }
}
