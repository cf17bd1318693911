using CioOrleans.Auditing;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Health;
using CioOrleans.Observability;
using CioOrleans.Silo.Members;
using CioOrleans.Silo.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace CioOrleans.Silo.Hosting;

/// <summary>Adds the dispatcher to a host.</summary>
public static class DispatcherSilo
{
    /// <summary>The maximum length of a grain's queue of requests. Far above the normal length: it protects memory and is not a limit.</summary>
    private const int MaxEnqueuedRequests = 100_000;

    /// <summary>The time that an orderly stop needs besides the longest request, for the hand-over, the last commits and leaving the cluster.</summary>
    private static readonly TimeSpan _leaving = TimeSpan.FromSeconds(20);

    /// <summary>Adds what the configured mode needs: a silo with its storage, or a client of a cluster.</summary>
    public static IHostApplicationBuilder AddDispatcher(this IHostApplicationBuilder builder, DispatcherSettings settings) =>
        settings.Cluster.Mode == ClusterMode.Client ? builder.AddDispatcherClient(settings) : builder.AddDispatcherSilo(settings);

    /// <summary>Adds the storage, the silo and their background services. They start in this order and stop in the reverse.</summary>
    public static IHostApplicationBuilder AddDispatcherSilo(this IHostApplicationBuilder builder, DispatcherSettings settings)
    {
        builder.AddCommon(settings);
        builder.Services.AddDispatcherGrains([.. settings.Workspaces.Values]);
        builder.Services.AddSingleton(new AuditRetention(settings.Admin.KeepAudit));
        builder.Services.AddStorage(settings);
        builder.UseOrleans(silo =>
        {
            silo.AddGrainService<SiloAgent>();
            silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = MaxEnqueuedRequests);
            if (settings.Storage.Provider == StorageProvider.Postgres)
            {
                silo.UseCluster(settings.Cluster);
            }
            else
            {
                silo.UseNoCluster(settings.Cluster);
            }
        });
        builder.Services.AddSingleton<SiloPeers>();
        builder.Services.AddSingleton<DatabaseContact>();
        builder.Services.AddSingleton<HandOvers>();
        builder.Services.AddHostedService<MembershipLog>();
        builder.Services.AddHostedService<MemberMetrics>();
        builder.Services.AddHostedService<PeerWatcher>();
        builder.Services.AddHostedService<WorkspaceKeeper>();
        return builder;
    }

    private static IHostApplicationBuilder AddDispatcherClient(this IHostApplicationBuilder builder, DispatcherSettings settings)
    {
        builder.AddCommon(settings);
        builder.Services.AddLeaseClock(settings);
        builder.UseOrleansClient(client => client.UseCluster(settings.Cluster));
        builder.Services.AddHostedService<ClientReadiness>();
        return builder;
    }

    private static void AddCommon(this IHostApplicationBuilder builder, DispatcherSettings settings)
    {
        builder.AddDispatcherObservability(settings.Logging);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHealth(settings.Shutdown);
        builder.Services.AddHostedService(provider => new MemoryTrimmer(provider.GetService<ActiveCustomers>(), provider.GetRequiredService<TimeProvider>()));

        // The host's default of half a minute would cut off a drain whose last request takes longer.
        var longest = settings.Workspaces.Values.Max(workspace => workspace.LongestRequest);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Shutdown.Notice + Longer(options.ShutdownTimeout, longest + _leaving));
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
