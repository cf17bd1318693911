using System.Net;
using CioOrleans.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CioOrleans.Postgres.Tests.Clustering;

internal static class ClusterHosts
{
    /// <summary>A silo of a cluster that meets in the database; not started.</summary>
    public static IHost Silo(string connectionString, string clusterId)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .UseAdoNetClustering(options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = connectionString;
            })
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = clusterId)
            .ConfigureEndpoints(IPAddress.Loopback, FreePort.Next(), FreePort.Next()));
        return builder.Build();
    }

    /// <summary>A client of such a cluster; not started.</summary>
    public static IHost Client(string connectionString, string clusterId)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = connectionString;
            })
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = clusterId));
        return builder.Build();
    }
}
