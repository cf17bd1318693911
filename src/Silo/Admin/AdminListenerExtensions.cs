using CioOrleans.Configuration;
using CioOrleans.Observability;

namespace CioOrleans.Admin;

/// <summary>A part of what the admin listener serves.</summary>
/// <param name="Map">Adds its endpoints.</param>
public sealed record AdminEndpoints(Action<IEndpointRouteBuilder> Map);

/// <summary>Puts the admin listener into a process.</summary>
public static class AdminListenerExtensions
{
    /// <summary>Registers the listener with <c>/metrics</c>, and with every <see cref="AdminEndpoints"/> among the services. Call it after the silo has been registered.</summary>
    public static IServiceCollection AddAdminListener(this IServiceCollection services, AdminSettings settings)
    {
        services.AddRouting();
        services.AddSingleton(new AdminEndpoints(routes => routes.MapMetrics()));
        services.AddSingleton(provider => new AdminListener(
            settings, provider.GetServices<AdminEndpoints>(), provider, provider.GetRequiredService<ILoggerFactory>()));
        return services.AddHostedService(provider => provider.GetRequiredService<AdminListener>());
    }

    /// <summary>Answers <c>/admin</c> and <c>/metrics</c> where they are not served with 404, and says where they are.</summary>
    public static void MapAdminElsewhere(this IEndpointRouteBuilder endpoints, AdminSettings settings)
    {
        var message = $"Not on this port: /admin and /metrics are served on Dispatcher:Admin:Url ({settings.Url.GetLeftPart(UriPartial.Authority)}).";
        endpoints.Map("/admin/{**rest}", Answer);
        endpoints.Map("/metrics/{**rest}", Answer);

        Task Answer(HttpContext http) => AdminError.WriteAsync(http.Response, StatusCodes.Status404NotFound, message);
    }

    /// <summary>Where the admin listener of a process is, with the port that it really has; null before it listens or where there is none.</summary>
    public static Uri? AdminAddress(this IServiceProvider services) => services.GetService<AdminListener>()?.Address;
}
