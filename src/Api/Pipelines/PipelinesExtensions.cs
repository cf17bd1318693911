using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Api.Pipelines;

/// <summary>Adds the Pipelines API to a host that has the Track API.</summary>
public static class PipelinesExtensions
{
    public static IServiceCollection AddPipelinesApi(this IServiceCollection services)
    {
        services.TryAddSingleton<PipelinesCallFactory>();
        return services;
    }

    /// <summary>
    /// Serves the Pipelines API before routing. Call it before <see cref="App.AppApiExtensions.MapAppApi"/>, because both APIs share their root.
    /// </summary>
    public static WebApplication MapPipelinesApi(this WebApplication app)
    {
        app.UseMiddleware<PipelinesEndpoint>();
        return app;
    }
}
