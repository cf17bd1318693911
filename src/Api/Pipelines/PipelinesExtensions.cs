using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Api.Pipelines;

/// <summary>Puts the Pipelines API into a host that has the Track API.</summary>
public static class PipelinesExtensions
{
    public static IServiceCollection AddPipelinesApi(this IServiceCollection services)
    {
        services.TryAddSingleton<PipelinesCallFactory>();
        return services;
    }

    /// <summary>Serves the Pipelines API ahead of routing. Call it before the App API is mapped, with which it shares its root.</summary>
    public static WebApplication MapPipelinesApi(this WebApplication app)
    {
        app.UseMiddleware<PipelinesEndpoint>();
        return app;
    }
}
