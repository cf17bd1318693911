using CioOrleans.Imports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Client.Imports;

/// <summary>Registers the services of imports.</summary>
public static class ImportServices
{
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddGrainKeys();
        services.TryAddSingleton<ImportTally>();
        services.TryAddSingleton<ImportCallFactory>();
        services.TryAddSingleton<ImportRunner>();
        return services;
    }
}
