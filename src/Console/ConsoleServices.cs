using CioOrleans.Client;
using CioOrleans.Client.Operating;
using CioOrleans.Console.Access;
using CioOrleans.Console.Layout;
using CioOrleans.Console.Live;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CioOrleans.Console;

/// <summary>What the console shows of the process's configuration.</summary>
/// <param name="Workspaces">The names of the configured workspaces.</param>
public sealed record ConsoleOptions(IReadOnlyList<string> Workspaces)
{
    /// <summary>Whether what tells of persons is shown only to those who may operate (default: false).</summary>
    public bool MaskPersonData { get; init; }

    /// <summary>Maps the endpoints of Orleans' own dashboard at a path; null if the process does not have it.</summary>
    public Func<IEndpointRouteBuilder, string, RouteGroupBuilder>? MapOrleansDashboard { get; init; }
}

/// <summary>A setting as the console shows it.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Value">The value; null for a secret, and if the setting has none.</param>
/// <param name="IsSecret">Whether the setting has a value that is not shown.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="Meaning">What the setting does.</param>
public sealed record ConsoleSetting(string Key, string? Value, bool IsSecret, string Source, string Meaning);

/// <summary>The settings of the process. The process that serves the console provides it.</summary>
public interface IConsoleSettings
{
    /// <summary>All settings.</summary>
    IReadOnlyList<ConsoleSetting> All { get; }
}

/// <summary>Adds the console to a process. The process also registers an <see cref="IConsoleAccess"/>.</summary>
public static class ConsoleServices
{
    /// <summary>The path of the console on the listener that serves it.</summary>
    public const string Path = "/console";

    /// <summary>Registers the console's services.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services, ConsoleOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddGrainAccess();
        services.AddSingleton(options);
        services.AddSingleton<ConsoleSessions>();
        services.AddSingleton<ConsoleGate>();
        services.AddSingleton<SignInLimit>();
        services.AddSingleton<LiveWorkspaces>();
        services.AddScoped<Visitor>();
        services.TryAddSingleton<AuditTrail>();
        services.TryAddSingleton<CustomerReader>();
        services.TryAddSingleton<DeadLetterSettler>();

        // The keys protect what a page sends back to the process that made it. They live as long as the process, so nothing reads or writes stored keys.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "cio-console-form";
            antiforgery.Cookie.Path = Path;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 20;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        });
        foreach (var keyReader in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(IDataProtectionBuilder).Assembly).ToArray())
        {
            services.Remove(keyReader);
        }

        return services;
    }

    /// <summary>Adds the console's middleware to a branch of a listener at <see cref="Path"/>.</summary>
    public static void UseConsole(this IApplicationBuilder branch)
    {
        var gate = branch.ApplicationServices.GetRequiredService<ConsoleGate>();
        var options = branch.ApplicationServices.GetRequiredService<ConsoleOptions>();
        branch.UseWebSockets();
        branch.Use((HttpContext http, RequestDelegate next) => gate.InvokeAsync(http, next));
        branch.UseRouting();
        branch.UseAntiforgery();
        branch.UseEndpoints(routes =>
        {
            routes.MapAssets();
            routes.MapSignIn();
            options.MapOrleansDashboard?.Invoke(routes, ConsoleGate.OrleansPath).AddEndpointFilter(ForOperators);
            routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        });
    }

    /// <summary>The dashboard names grains by their keys, which name customers.</summary>
    private static async ValueTask<object?> ForOperators(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.User.IsInRole(ConsoleGate.OperateRole)
            ? await next(context)
            : TypedResults.Text("The dashboard of Orleans needs a key of the role Operate.", statusCode: StatusCodes.Status403Forbidden);
}
