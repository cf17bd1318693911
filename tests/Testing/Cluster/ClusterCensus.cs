using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CioOrleans.Testing.Cluster;

/// <summary>A client of the cluster that counts where its grains live.</summary>
public sealed class ClusterCensus : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterCensus(IHost host) => _host = host;

    public static async Task<ClusterCensus> ConnectAsync(string connectionString)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString))
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("cio", "cio")));
        var host = builder.Build();
        await host.StartAsync();
        return new ClusterCensus(host);
    }

    /// <summary>How many customers live on each silo, by the silo's address.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountCustomersAsync()
    {
        var statistics = await _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return statistics
            .Where(grains => grains.GrainType.StartsWith("CioOrleans.Grains.Customers.CustomerGrain", StringComparison.Ordinal))
            .GroupBy(grains => $"{grains.SiloAddress}")
            .ToDictionary(silo => silo.Key, silo => silo.Sum(grains => grains.ActivationCount));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
