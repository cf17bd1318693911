using CioOrleans.Addressing;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.Workspaces;
using CioOrleans.Imports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Grains;

/// <summary>Registers what the grains of a silo need, apart from the outbox and its leases.</summary>
public static class DispatcherGrains
{
    /// <summary>Bytes of waiting calls that all customers of a silo together keep in memory; the rest stands in the outbox alone.</summary>
    private const long PayloadBytes = 32L * 1024 * 1024;

    /// <summary>Adds the rules' settings, the Customer.io client and the metrics.</summary>
    public static IServiceCollection AddDispatcherGrains(this IServiceCollection services, IReadOnlyList<WorkspaceSettings> workspaces)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton(new WorkspaceCatalog(workspaces));
        services.AddSingleton(new PayloadBudget(PayloadBytes));
        services.AddSingleton<ActiveCustomers>();
        services.AddSingleton<LocalCustomers>();
        services.AddSingleton<ILocalCustomers>(provider => provider.GetRequiredService<LocalCustomers>());
        services.TryAddSingleton<DispatcherMetrics>();
        services.AddSingleton<LocalWorkspaces>();
        services.AddSingleton<LocalDeliveries>();
        services.AddSingleton<SiloDepartures>();
        services.TryAddSingleton<IPermitClock>(provider => provider.GetRequiredService<ILeaseStore>());
        services.AddSingleton<CircuitBreakers>();
        services.TryAddSingleton<CustomerIoHttp>();
        services.AddSingleton<CustomerIoClient>();
        services.AddSingleton<QueueSharing>();
        services.TryAddSingleton<HistorySettings>();
        services.AddSingleton<HistoryClock>();
        services.AddSingleton<HistoryRecorder>();
        services.TryAddSingleton<GrainKeys>();
        services.AddSingleton<CustomerContexts>();
        services.TryAddSingleton<ImportTally>();
        return services;
    }
}
