using CioOrleans.Addressing;
using CioOrleans.Client.Imports;
using CioOrleans.Leasing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Client;

/// <summary>Registers the dispatcher for co-hosted services.</summary>
public static class DispatcherServices
{
    /// <summary>
    /// Adds <see cref="IDispatcher"/> to the service collection of a silo or of an Orleans client. Uses the registered <see cref="TimeProvider"/>, if any.
    /// </summary>
    public static IServiceCollection AddCioDispatcher(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CallFactory>();
        services.AddGrainAccess();
        services.AddImports();
        services.TryAddSingleton<IDispatcher, GrainDispatcher>();
        return services;
    }

    /// <summary>Adds what a process needs to pass calls to grains. Keeps a lease clock that is already registered, such as a silo's.</summary>
    public static IServiceCollection AddGrainAccess(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILeaseClock, GrainLeaseClock>();
        services.TryAddSingleton<AcceptDeadlines>();
        services.TryAddSingleton<CallSubmitter>();
        services.AddGrainKeys();
        return services;
    }

    /// <summary>
    /// Adds the keys of grains. A silo reads their secret from its database when it opens the database; a client of a cluster reads it from a silo when it
    /// starts.
    /// </summary>
    internal static IServiceCollection AddGrainKeys(this IServiceCollection services)
    {
        services.TryAddSingleton<GrainKeys>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<IClusterClientLifecycle>, GrainKeyReader>());
        return services;
    }
}
