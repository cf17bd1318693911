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
        services.AddAcceptDeadlines();
        services.AddImports();
        services.TryAddSingleton<IDispatcher, GrainDispatcher>();
        return services;
    }

    /// <summary>What every process needs that hands calls to grains. The lease clock of a silo's store, where one is registered, goes before.</summary>
    internal static IServiceCollection AddAcceptDeadlines(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILeaseClock, GrainLeaseClock>();
        services.TryAddSingleton<AcceptDeadlines>();
        return services;
    }
}
