using CioOrleans.Dispatching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Importing;

/// <summary>Registers the services of imports.</summary>
internal static class ImportServices
{
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddGrainKeys();
        services.TryAddSingleton<ImportTally>();
        services.TryAddSingleton<ImportCallFactory>();
        services.TryAddSingleton<ImportDesk>();
        return services;
    }
}
