using CioOrleans.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CioOrleans.Health;

/// <summary>What an orchestrator asks.</summary>
public static class HealthExtensions
{
    /// <summary>Registers <see cref="Readiness"/>, which says no until its parts are set, and again as soon as the process is to stop.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services, ShutdownSettings shutdown)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(shutdown);
        services.AddHostedService<DrainNotice>();
        return services.AddSingleton<Readiness>();
    }

    /// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: 200 when it should be sent calls, otherwise 503; both say why.</summary>
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
