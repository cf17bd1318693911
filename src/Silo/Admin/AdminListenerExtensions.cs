using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Observability;

namespace CioOrleans.Silo.Admin;

/// <summary>A set of endpoints of the admin listener.</summary>
/// <param name="Map">Adds the endpoints.</param>
public sealed record AdminEndpoints(Action<IEndpointRouteBuilder> Map);

/// <summary>A part of the admin listener that decides by itself who may call it. It is built with its first request.</summary>
/// <param name="Path">The path, such as <c>/console</c>.</param>
/// <param name="Build">Adds the middleware.</param>
public sealed record AdminBranch(string Path, Action<IApplicationBuilder> Build);

/// <summary>Adds the admin listener to a process.</summary>
public static class AdminListenerExtensions
{
    /// <summary>
    /// Registers the listener with <c>/metrics</c> and all registered <see cref="AdminEndpoints"/> and <see cref="AdminBranch"/>es. Call it after the silo has been registered.
    /// </summary>
    public static IServiceCollection AddAdminListener(this IServiceCollection services, AdminSettings settings)
    {
        services.AddRouting();
        services.AddSingleton(new AdminEndpoints(routes => routes.MapMetrics()));
        services.AddSingleton(new AdminAccess(settings));
        services.AddSingleton(provider => new AdminListener(
            settings, provider.GetRequiredService<AdminAccess>(), provider.GetServices<AdminEndpoints>(), provider.GetServices<AdminBranch>(), provider, provider.GetRequiredService<ILoggerFactory>()));
        return services.AddHostedService(provider => provider.GetRequiredService<AdminListener>());
    }

    /// <summary>Answers <c>/admin</c>, <c>/metrics</c> and <c>/console</c> on another listener with 404 and the address of the admin listener.</summary>
    public static void MapAdminElsewhere(this IEndpointRouteBuilder endpoints, AdminSettings settings)
    {
        var message = $"Not on this port: /admin, /metrics and /console are served on Dispatcher:Admin:Url ({settings.Url.GetLeftPart(UriPartial.Authority)}).";
        endpoints.Map("/admin/{**rest}", Answer);
        endpoints.Map("/metrics/{**rest}", Answer);
        endpoints.Map("/console/{**rest}", Answer);

        Task Answer(HttpContext http) => AdminError.WriteAsync(http.Response, StatusCodes.Status404NotFound, message);
    }

    /// <summary>The address of a process's admin listener with its actual port; null before it listens, or if there is none.</summary>
    public static Uri? AdminAddress(this IServiceProvider services) => services.GetService<AdminListener>()?.Address;
}
