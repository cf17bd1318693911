using CioOrleans.Api.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Api.Pipelines;

/// <summary>Adds the Pipelines API to a host that has the Track API.</summary>
public static class PipelinesExtensions
{
    /// <summary>Registers the Pipelines API. Call it before <see cref="App.AppApiExtensions.AddAppApi"/>, because both APIs share their root.</summary>
    public static IServiceCollection AddPipelinesApi(this IServiceCollection services)
    {
        services.TryAddSingleton<PipelinesCallFactory>();
        services.TryAddSingleton<DroppedCalls>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWireApi, PipelinesEndpoint>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWireApi, BrowserEndpoint>());
        return services;
    }
}
