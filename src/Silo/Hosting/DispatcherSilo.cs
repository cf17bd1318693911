using System.Net;
using System.Net.Sockets;
using CioOrleans.Configuration;
using CioOrleans.Health;
using CioOrleans.Leasing;
using CioOrleans.Observability;
using CioOrleans.Outbox;
using CioOrleans.Outbox.Sqlite;
using Orleans.Configuration;

namespace CioOrleans.Silo.Hosting;

/// <summary>Puts a silo with its outbox into a host.</summary>
public static class DispatcherSilo
{
    /// <summary>Far more than any queue of a grain should ever hold: a backstop against running out of memory, not a limit.</summary>
    private const int MaxEnqueuedRequests = 100_000;

    /// <summary>Adds the storage, the silo and those who look after it. They start in this order and stop in the reverse.</summary>
    public static IHostApplicationBuilder AddDispatcherSilo(this IHostApplicationBuilder builder, DispatcherSettings settings)
    {
        builder.AddDispatcherObservability(settings.Logging);
        builder.Services.AddHealth();
        builder.Services.AddDispatcherGrains([.. settings.Workspaces.Values]);
        builder.Services.AddSqliteOutbox(settings.Storage);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: settings.Cluster.ServiceId, clusterId: settings.Cluster.ClusterId);
            silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = MaxEnqueuedRequests);
        });
        builder.Services.AddHostedService<WorkspaceKeeper>();
        return builder;
    }

    private static void AddSqliteOutbox(this IServiceCollection services, StorageSettings storage)
    {
        services.AddSingleton(provider => new SqliteOutbox(
            storage.ConnectionString, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SqliteOutbox>>()));
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<IDeadLetterStore>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<IWorkspaceStateStore>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<ILeaseStore, SqliteLeaseStore>();
        services.AddHostedService<OutboxService>();
    }

    /// <summary>A silo that nobody else joins needs a port of its own, and nobody needs to know it: several may run on one machine.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
