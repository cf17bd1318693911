using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Guarding;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace CioOrleans.Silo.Admin;

/// <summary>
/// Serves <c>/admin</c>, <c>/metrics</c> and branches such as <c>/console</c> from a Kestrel server of its own. The process's other listener never leads here, whatever the address, the
/// <c>Host</c> header or a proxy, and neither <c>Urls</c> nor <c>Kestrel:Endpoints</c> changes this listener's address.
/// </summary>
internal sealed partial class AdminListener(
    AdminSettings settings, AdminAccess access, IEnumerable<AdminEndpoints> endpoints, IEnumerable<AdminBranch> branches, IServiceProvider services, ILoggerFactory loggers)
    : IHostedService, IDisposable
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxConnections = 100;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private KestrelServer? _kestrel;
    private volatile bool _isServing;

    /// <summary>The listener's address with its actual port; null before <see cref="BindAsync"/>.</summary>
    public Uri? Address { get; private set; }

    /// <summary>
    /// Binds the port. The process does this before anything else starts, so that a taken port is found early. Until <see cref="StartAsync"/> every request is
    /// answered with 503.
    /// </summary>
    /// <exception cref="IOException">The port is taken, or the address does not belong to this machine.</exception>
    public async Task BindAsync(CancellationToken cancellation = default)
    {
        if (_kestrel is not null)
        {
            return;
        }

        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };
        options.Limits.MaxRequestBodySize = MaxBodyBytes;
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.RequestHeadersTimeout = _patience;
        _kestrel = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
        var addresses = _kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        addresses.Add(settings.Url.GetLeftPart(UriPartial.Authority));
        try
        {
            await _kestrel.StartAsync(new Application(Pipeline(), services.GetRequiredService<IHttpContextFactory>()), cancellation);
        }
        catch (IOException exception)
        {
            throw new IOException($"Dispatcher:Admin:Url = '{settings.Url.GetLeftPart(UriPartial.Authority)}' cannot be listened on: {exception.Message}", exception);
        }

        Address = new Uri(addresses.First());
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await BindAsync(cancellationToken);
        _isServing = true;
        LogServing(loggers.CreateLogger<AdminListener>(), Address!.GetLeftPart(UriPartial.Authority));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_kestrel is not null)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(_patience);
            await _kestrel.StopAsync(patience.Token);
        }
    }

    public void Dispose() => _kestrel?.Dispose();

    private RequestDelegate Pipeline()
    {
        var gate = new AdminGate(access);
        var app = new ApplicationBuilder(services);
        app.Use((HttpContext http, RequestDelegate next) => RequestGuard.InvokeAsync(http, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, next, AdminError.WriteAsync));
        app.Use((HttpContext http, RequestDelegate next) => _isServing
            ? next(http)
            : AdminError.WriteAsync(http.Response, StatusCodes.Status503ServiceUnavailable, "The process is starting."));
        foreach (var branch in branches)
        {
            app.Map(branch.Path, below =>
            {
                // Built with its first request, because a process that nobody looks at need not pay for it.
                var pipeline = new Lazy<RequestDelegate>(() =>
                {
                    var built = new ApplicationBuilder(services);
                    branch.Build(built);
                    return built.Build();
                });
                below.Run(http => pipeline.Value(http));
            });
        }

        app.Use((HttpContext http, RequestDelegate next) => gate.InvokeAsync(http, next));
        app.UseRouting();
        app.UseEndpoints(routes =>
        {
            foreach (var part in endpoints)
            {
                part.Map(routes);
            }
        });
        app.Run(http => AdminError.WriteAsync(http.Response, StatusCodes.Status404NotFound, "There is nothing here. The admin listener serves /admin, /metrics and, where it is on, /console."));
        return app.Build();
    }

    /// <summary>Runs the pipeline directly on Kestrel.</summary>
    private sealed class Application(RequestDelegate pipeline, IHttpContextFactory contexts) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => contexts.Create(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => pipeline(context);

        public void DisposeContext(HttpContext context, Exception? exception) => contexts.Dispose(context);
    }
}
