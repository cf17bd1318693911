using CioOrleans.Addressing;
using CioOrleans.Grains;
using CioOrleans.Grains.Auditing;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Health;
using CioOrleans.Silo.Members;
using CioOrleans.Silo.Observability;
using CioOrleans.Silo.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Dashboard;

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
        builder.Services.AddStorage(settings);
        builder.Services.AddHostedService<StorageService>();
        builder.UseOrleans(silo =>
        {
            silo.AddDispatcherGrains(settings);
            if (settings.Admin.OrleansDashboard)
            {
                silo.AddDashboard(HideLog);
            }

            if (settings.Storage.Provider == StorageProvider.Postgres)
            {
                silo.UseCluster(settings.Cluster);
            }
            else
            {
                silo.UseNoCluster(settings.Cluster);
            }
        });
        return builder;
    }

    /// <summary>Adds the grains and the services around them, but no storage. The services start after the silo and stop before it.</summary>
    internal static ISiloBuilder AddDispatcherGrains(this ISiloBuilder silo, DispatcherSettings settings)
    {
        silo.Services.AddDispatcherGrains([.. settings.Workspaces.Values]);
        silo.Services.AddSingleton(new AuditRetention(settings.Admin.KeepAudit));
        silo.Services.AddSingleton(settings.RefusedCalls);
        silo.Services.AddSingleton(provider => settings.History with { Silo = provider.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString() });
        silo.AddGrainService<SiloAgent>();
        silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = MaxEnqueuedRequests);
        silo.Services.AddSingleton<SiloPeers>();
        silo.Services.AddSingleton<DatabaseContact>();
        silo.Services.AddSingleton<HandOvers>();
        silo.Services.AddHostedService<MembershipLog>();
        silo.Services.AddHostedService<MemberMetrics>();
        silo.Services.AddHostedService<PeerWatcher>();
        silo.Services.AddHostedService<WorkspaceKeeper>();
        silo.Services.AddHostedService<RefusedCallTidier>();
        silo.Services.AddHostedService<HistoryKeeper>();
        return silo;
    }

    /// <summary>Adds what every dispatcher needs: the clock, the readiness, and time for an orderly stop.</summary>
    internal static void AddDispatcherBase(this IServiceCollection services, DispatcherSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHealth(settings.Shutdown);

        // The host's default of half a minute would cut off a drain whose last request takes longer.
        var longest = settings.Workspaces.Values.Max(workspace => workspace.LongestRequest);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Shutdown.Notice + Longer(options.ShutdownTimeout, longest + _leaving));
    }

    private static IHostApplicationBuilder AddDispatcherClient(this IHostApplicationBuilder builder, DispatcherSettings settings)
    {
        builder.AddCommon(settings);
        builder.Services.AddLeaseClock(settings);
        builder.Services.AddHostedService<StorageService>();
        builder.UseOrleansClient(client =>
        {
            client.UseCluster(settings.Cluster);
            if (settings.Admin.OrleansDashboard)
            {
                client.AddDashboard(HideLog);
            }
        });
        builder.Services.AddHostedService<ClientReadiness>();
        return builder;
    }

    /// <summary>The log is read where it is written.</summary>
    private static void HideLog(DashboardOptions options) => options.HideTrace = true;

    private static void AddCommon(this IHostApplicationBuilder builder, DispatcherSettings settings)
    {
        builder.Services.AddSettings(new SettingsResult.Valid(settings));
        builder.AddDispatcherObservability(settings.Logging);
        builder.Services.AddDispatcherBase(settings);
        builder.Services.AddHostedService(provider => new MemoryTrimmer(
            provider.GetService<ActiveCustomers>(), provider.GetRequiredService<GrainKeys>(), provider.GetService<IOutbox>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
