using CioOrleans.Api.Routing;
using CioOrleans.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Api.Pipelines;

/// <summary>Adds the Pipelines API to a host that has the Track API.</summary>
public static class PipelinesExtensions
{
    /// <summary>Registers the Pipelines API. Call it before <see cref="App.AppApiExtensions.AddAppApi"/>, because both APIs share their root.</summary>
    /// <param name="services">The services.</param>
    /// <param name="refused">Whether refused calls are kept.</param>
    public static IServiceCollection AddPipelinesApi(this IServiceCollection services, RefusedCallSettings refused)
    {
        services.TryAddSingleton<PipelinesCallFactory>();
        services.TryAddSingleton(provider => new RefusedCallQueue(refused, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<DroppedCalls>();
        services.AddHostedService<RefusedCallWriter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWireApi, PipelinesEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWireApi, BrowserEndpoint>());
        return services;
    }
}
