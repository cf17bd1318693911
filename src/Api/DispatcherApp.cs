using CioOrleans.Api.Admin;
using CioOrleans.Api.App;
using CioOrleans.Api.Imports;
using CioOrleans.Api.Demo;
using CioOrleans.Api.Guarding;
using CioOrleans.Api.Pipelines;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Track;
using CioOrleans.Configuration;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Health;
using CioOrleans.Silo.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace CioOrleans.Api;

/// <summary>Builds the dispatcher's process: its services, and the order of its middleware.</summary>
public static class DispatcherApp
{
    /// <summary>Builds the application.</summary>
    /// <param name="builder">The builder with the configuration. The caller may have added services.</param>
    /// <param name="settings">The settings that were read from the configuration.</param>
    /// <param name="ahead">Adds middleware in front of all endpoints, after the request guard.</param>
    public static WebApplication Build(WebApplicationBuilder builder, DispatcherSettings settings, Action<WebApplication>? ahead = null)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.KeepHeaderBytes();

            // The front-end enforces its own maximum, and refuses in Customer.io's form.
            kestrel.Limits.MaxRequestBodySize = null;

            // Limits on the number and the memory of connections, including slow ones; see docs/security.md.
            kestrel.Limits.MaxConcurrentConnections = settings.Api.MaxConnections;
            var perAddress = new ConnectionsPerAddress(settings.Api);
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(perAddress.InFrontOf));
            kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ShrinkingMemoryPool.Factory>();
        if (settings.Sandbox.Enabled)
        {
            builder.Services.AddHostedService(provider => new DemoSandbox(settings.Sandbox, provider.GetRequiredService<ILoggerFactory>()));
        }

        TrustProxies(builder, settings.Api.TrustedProxies);
        builder.AddDispatcher(settings);
        builder.Services.AddSingleton<IReadOnlyList<WorkspaceSettings>>([.. settings.Workspaces.Values]);
        builder.Services.AddTrackApi(settings.Api);
        builder.Services.AddImportApi();
        builder.Services.AddPipelinesApi(settings.RefusedCalls);
        builder.Services.AddAppApi();
        builder.Services.AddAdmin(settings);
        builder.Services.AddAdminConsole(settings);
        builder.Services.AddAdminListener(settings.Admin);

        var app = builder.Build();

        // The console's services bring ASP.NET's authorization along, which a WebApplication then runs for each request, and which builds all endpoints of
        // the admin listener while the process starts. No endpoint of this listener uses it. The key is ASP.NET's own mark for an application that has it.
        ((IApplicationBuilder)app).Properties["__AuthorizationMiddlewareSet"] = true;
        app.UseRequestGuard();
        ahead?.Invoke(app);
        if (settings.Api.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.MapWireApis();
        app.MapImports();
        app.MapHealth();
        app.MapAdminElsewhere(settings.Admin);
        return app;
    }

    private static void TrustProxies(WebApplicationBuilder builder, IReadOnlyList<IPNetwork> proxies) => builder.Services.Configure<ForwardedHeadersOptions>(options =>
    {
        if (proxies.Count > 0)
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in proxies)
            {
                options.KnownIPNetworks.Add(proxy);
            }
        }
    });
}
