using CioOrleans.Client;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>A silo with recording grains and a client of it; the dispatcher is registered in both.</summary>
public sealed class RecordingCluster : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public Recorder Recorder { get; } = new();

    /// <summary>The dispatcher of a service that hosts the silo.</summary>
    public IDispatcher InSilo => Cluster.Silos[0].ServiceProvider.GetRequiredService<IDispatcher>();

    /// <summary>The dispatcher of a service that is a client of the silo.</summary>
    public IDispatcher InClient => Cluster.Client.ServiceProvider.GetRequiredService<IDispatcher>();

    private InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.ConfigureSiloHost((_, host) => host.Services.AddSingleton(Recorder).AddSingleton(RecordingGrainKeyGrain.Keys).AddCioDispatcher());
        builder.ConfigureClientHost(host => host.Services.AddCioDispatcher());
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();
}
