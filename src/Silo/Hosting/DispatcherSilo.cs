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

/// <summary>Puts the dispatcher into a host.</summary>
public static class DispatcherSilo
{
    /// <summary>Far more than any queue of a grain should ever hold: a backstop against running out of memory, not a limit.</summary>
    private const int MaxEnqueuedRequests = 100_000;

    /// <summary>What an orderly stop takes beside the longest request: hand-over, the last commits, leaving the cluster.</summary>
    private static readonly TimeSpan _leaving = TimeSpan.FromSeconds(20);

    /// <summary>Adds what the configured mode asks for: a silo with its storage, or a client of a cluster.</summary>
    public static IHostApplicationBuilder AddDispatcher(this IHostApplicationBuilder builder, DispatcherSettings settings) =>
        settings.Cluster.Mode == ClusterMode.Client ? builder.AddDispatcherClient(settings) : builder.AddDispatcherSilo(settings);

    /// <summary>Adds the storage, the silo and those who look after it. They start in this order and stop in the reverse.</summary>
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

        // The host's own half minute would cut off a drain whose last request may take longer.
        var longest = settings.Workspaces.Values.Max(workspace => workspace.LongestRequest);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Shutdown.Notice + Longer(options.ShutdownTimeout, longest + _leaving));
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
