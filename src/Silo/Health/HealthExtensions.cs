using CioOrleans.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Silo.Health;

/// <summary>The health endpoints for an orchestrator.</summary>
public static class HealthExtensions
{
    /// <summary>Registers <see cref="Readiness"/>. It is false until its parts are set, and again once the process stops.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services, ShutdownSettings shutdown)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(shutdown);
        services.AddHostedService<DrainNotice>();
        return services.AddSingleton<Readiness>();
    }

    /// <summary>
    /// <c>/health/live</c>: 200 while the process answers. <c>/health/ready</c>: 200 if the process should receive calls, otherwise 503. Both answers say why.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var readiness = endpoints.ServiceProvider.GetRequiredService<Readiness>();
        endpoints.MapGet("/health/live", () => TypedResults.Json(new LiveAnswer(true), HealthJson.Default.LiveAnswer));
        endpoints.MapGet("/health/ready", () =>
        {
            var (storage, workspaces, draining) = (readiness.IsStorageOpen, readiness.AreWorkspacesStarted, readiness.IsDraining);
            var ready = storage && workspaces && !draining;
            return TypedResults.Json(
                new ReadyAnswer(ready, storage, workspaces, draining),
                HealthJson.Default.ReadyAnswer,
                statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }
}
