using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Diagnostics;
using CioOrleans.Dispatching;
using CioOrleans.Importing;
using CioOrleans.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans;

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
        services.TryAddSingleton<DispatcherMetrics>();
        services.AddSingleton<LocalWorkspaces>();
        services.AddSingleton<LocalDeliveries>();
        services.AddSingleton<SiloDepartures>();
        services.AddSingleton<CircuitBreakers>();
        services.TryAddSingleton<CustomerIoHttp>();
        services.AddSingleton<CustomerIoClient>();
        services.AddSingleton<QueueSharing>();
        services.AddGrainKeys();
        services.AddSingleton<CustomerContexts>();
        services.AddImports();
        return services;
    }
}
