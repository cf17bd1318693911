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
        var statistics = await Management.GetSimpleGrainStatistics();
        return statistics
            .Where(grains => IsCustomer(grains.GrainType))
            .GroupBy(grains => $"{grains.SiloAddress}")
            .ToDictionary(silo => silo.Key, silo => silo.Sum(grains => grains.ActivationCount));
    }

    /// <summary>How many customers with such identifiers live in the cluster. Customers of other tests leave when nobody has called them for minutes.</summary>
    public async Task<int> CountCustomersAsync(string beginning)
    {
        var statistics = await Management.GetDetailedGrainStatistics();
        return statistics.Count(grain => IsCustomer(grain.GrainType) && $"{grain.GrainId.Key}".Contains($"/{beginning}", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private IManagementGrain Management => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);

    private static bool IsCustomer(string grainType) => grainType.StartsWith("CioOrleans.Grains.Customers.CustomerGrain", StringComparison.Ordinal);
}
