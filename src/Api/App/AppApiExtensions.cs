using CioOrleans.Api.Authentication;
using CioOrleans.Api.Routing;
using CioOrleans.Delivery.Sends;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Api.App;

/// <summary>Adds the App API to a host that has the Track API.</summary>
public static class AppApiExtensions
{
    /// <summary>Registers the App API; <see cref="Track.TrackApiExtensions.AddTrackApi"/> registers what both need.</summary>
    public static IServiceCollection AddAppApi(this IServiceCollection services)
    {
        services.TryAddSingleton<BearerAuthenticator>();
        services.TryAddSingleton<SendClient>();
        services.TryAddSingleton<SendForwarder>();
        services.TryAddSingleton<DurableSends>();
        services.TryAddSingleton<KeyedSends>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWireApi, AppApiEndpoint>());
        return services;
    }
}
