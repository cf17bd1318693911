using CioOrleans.Addressing;
using CioOrleans.Client;
using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Sandbox;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Hosting;
using CioOrleans.Testing;
using CioOrleans.Workspaces;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CioOrleans;

/// <summary>A whole dispatcher without its front-end: a silo with its file, in this process, delivering to a sandbox.</summary>
internal sealed class DispatcherHost : IAsyncDisposable
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly IHost _host;

    private DispatcherHost(IHost host) => _host = host;

    public IWorkspaceDispatcher Dispatcher => Get<IDispatcher>().Workspace("acme");

    public IWorkspaceGrain Workspace => Get<IGrainFactory>().GetWorkspace("acme");

    public IDeadLetterGrain DeadLetters => Get<IGrainFactory>().GetGrain<IDeadLetterGrain>("acme");

    public IHistoryReplayGrain Replays => Get<IGrainFactory>().GetGrain<IHistoryReplayGrain>("acme");

    public IMergeGrain Merges => Get<IGrainFactory>().GetGrain<IMergeGrain>("acme");

    public ICustomerGrain Customer(string key) => Get<IGrainFactory>().GetCustomer(Keys, new CustomerAddress("acme", key));

    /// <summary>A customer by the key of its grain.</summary>
    public ICustomerGrain CustomerBy(string grainKey) => Get<IGrainFactory>().GetGrain<ICustomerGrain>(grainKey);

    public GrainKeys Keys => Get<GrainKeys>();

    public CallSubmitter Submitter => Get<CallSubmitter>();

    public ILocalCustomers Local => Get<ILocalCustomers>();

    public IGrainKeyGrain KeyGrain => Get<IGrainFactory>().GetGrain<IGrainKeyGrain>(0);

    public IOutbox Outbox => Get<IOutbox>();

    /// <summary>Starts one on the file in <paramref name="folder"/>, with a limit of 50 in 100 ms unless told otherwise.</summary>
    public static Task<DispatcherHost> StartAsync(string folder, SandboxServer sandbox, params (string Key, string Value)[] settings) =>
        StartAsync(folder, sandbox, (ILeaseStore?)null, settings);

    /// <summary>The same with other leases; null for the file's own.</summary>
    public static Task<DispatcherHost> StartAsync(string folder, SandboxServer sandbox, ILeaseStore? leases, params (string Key, string Value)[] settings) =>
        StartAsync(folder, sandbox, services =>
        {
            if (leases is not null)
            {
                services.AddSingleton(leases);
            }
        }, settings);

    /// <summary>The same with services of the test's own in place of the silo's.</summary>
    public static async Task<DispatcherHost> StartAsync(
        string folder, SandboxServer sandbox, Action<IServiceCollection> replace, params (string Key, string Value)[] settings)
    {
        const string workspace = "Dispatcher:Workspaces:acme:";
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Dispatcher:Storage:ConnectionString"] = $"Data Source={Path.Combine(folder, "cio.db")}",
            [workspace + "SiteId"] = "site",
            [workspace + "ApiKey"] = "key",
            [workspace + "TrackUrl"] = sandbox.Url.ToString(),
            [workspace + "AppUrl"] = sandbox.Url.ToString(),
            [workspace + "Limits:identify"] = "50/100ms",
            [workspace + "Limits:track"] = "identify",
            [workspace + "Limits:page"] = "identify",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key.StartsWith("Dispatcher:", StringComparison.Ordinal) ? s.Key : workspace + s.Key, (string?)s.Value)));
        builder.Logging.ClearProviders();
        builder.AddDispatcherSilo(((SettingsResult.Valid)DispatcherSettingsReader.Read(builder.Configuration)).Settings);
        builder.Services.AddCioDispatcher();
        replace(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new DispatcherHost(host);
    }

    /// <summary>Deactivates all grains that have nothing to do.</summary>
    public Task DeactivateGrainsAsync() => Get<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    /// <summary>Ends the first calls of a customer's queue behind the back of its grain, as a twin of it would.</summary>
    public async Task EndHeadsAsync(string customer, int count)
    {
        var queue = await Outbox.ReadQueueAsync(new CustomerAddress("acme", customer), afterSequence: 0, maxRows: count, maxBytes: int.MaxValue);
        Assert.IsType<WriteResult.Written>(await Outbox.CompleteAsync([.. queue.Rows.Select(row => row.Key)]));
    }

    public IHistoryGrain History => Get<IGrainFactory>().GetGrain<IHistoryGrain>("acme");

    /// <summary>The rows of the history, the newest first, once they are as described.</summary>
    public Task<IReadOnlyList<HistoryRow>> HistoryAsync(Func<IReadOnlyList<HistoryRow>, bool> isSo) => Wait.ForAnswerAsync(
        "The rows of the history that the test waits for",
        _patience,
        async () => (await History.Search(new HistoryFilter(), null, 10_000)).Rows is var rows && isSo(rows) ? rows : null);

    /// <summary>Judges all until now. The test knows that nothing is under way.</summary>
    public async Task<ProofReport> VerifyAsync()
    {
        var store = Get<IHistoryStore>();
        var now = TimeProvider.System.GetUtcNow().AddSeconds(1);
        var proof = new HistoryProof(await store.ReadNotesAsync("acme"), now.AddHours(-1), now, now);
        foreach (var row in (await store.ReadProofRowsAsync("acme", 0, long.MaxValue)).Rows)
        {
            proof.Add(row);
        }

        return proof.End();
    }

    /// <summary>Waits until the workspace is as described.</summary>
    public Task<WorkspaceStatus> WaitUntilAsync(Func<WorkspaceStatus, bool> isSo) => Wait.ForAnswerAsync(
        "The status of the workspace that the test waits for", _patience, async () => await Workspace.GetStatus() is var status && isSo(status) ? status : null);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();
}
