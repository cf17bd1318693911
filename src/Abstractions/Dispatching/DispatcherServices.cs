using CioOrleans.Grains;
using CioOrleans.Importing;
using CioOrleans.Leasing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Dispatching;

/// <summary>Registers the dispatcher for co-hosted services.</summary>
public static class DispatcherServices
{
    /// <summary>Adds <see cref="IDispatcher"/>, on the service collection of a silo or of an Orleans client. Takes the <see cref="TimeProvider"/> that is registered, if any.</summary>
    public static IServiceCollection AddCioDispatcher(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CallFactory>();
        services.TryAddSingleton<Handover>();
        services.AddGrainAccess();
        services.AddImports();
        services.TryAddSingleton<IDispatcher, GrainDispatcher>();
        return services;
    }

    /// <summary>What every process needs that hands calls to grains. The lease clock of a silo's store, where one is registered, goes before.</summary>
    internal static IServiceCollection AddGrainAccess(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILeaseClock, GrainLeaseClock>();
        services.TryAddSingleton<AcceptDeadlines>();
        services.AddGrainKeys();
        return services;
    }

    /// <summary>The keys of grains. A silo takes their secret from its database when it opens that, a client of a cluster asks for it when it starts.</summary>
    internal static IServiceCollection AddGrainKeys(this IServiceCollection services)
    {
        services.TryAddSingleton<GrainKeys>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<IClusterClientLifecycle>, GrainKeyReader>());
        return services;
    }
}
