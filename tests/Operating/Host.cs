using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Net;
using System.Text;
using CioOrleans.Addressing;
using CioOrleans.Api.Admin;
using CioOrleans.Api.Answers;
using CioOrleans.Grains.Diagnostics;
using CioOrleans.History;
using CioOrleans.Leasing;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Health;
using CioOrleans.Silo.Observability;
using CioOrleans.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

/// <summary>The operating calls on a real Kestrel, over substitutes for the grains.</summary>
internal sealed class Host : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Host(WebApplication app, IGrainFactory grains)
    {
        _app = app;
        Keys = app.Services.GetRequiredService<GrainKeys>();
        Keys.Use(new byte[GrainKeys.SecretBytes]);
        Grains = grains;
        Admin = app.Services.AdminAddress()!;
        Http = new HttpClient(new AdminRoute(() => Admin)) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>What the lease clock shows, unless a test says otherwise.</summary>
    public static TimeSpan LeaseTime { get; } = TimeSpan.FromHours(1);

    public IGrainFactory Grains { get; }

    public GrainKeys Keys { get; }

    /// <summary>Where the admin listener is.</summary>
    public Uri Admin { get; }

    /// <summary>For both listeners, by the path.</summary>
    public HttpClient Http { get; }

    public Readiness Readiness => _app.Services.GetRequiredService<Readiness>();

    public DispatcherMetrics Metrics => _app.Services.GetRequiredService<DispatcherMetrics>();

    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    /// <summary>The routes under <c>/admin</c>.</summary>
    public IEnumerable<(string Method, string Path)> AdminRoutes => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(route => route.RoutePattern.RawText!.StartsWith("/admin/", StringComparison.Ordinal) && !route.RoutePattern.RawText.Contains("**", StringComparison.Ordinal))
        .SelectMany(route => route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => (method, route.RoutePattern.RawText!.TrimEnd('/'))));

    public RefusalMetrics Refusals => _app.Services.GetRequiredService<RefusalMetrics>();

    /// <summary>A history without rows.</summary>
    public static IHistoryGrain NoHistory()
    {
        var history = Substitute.For<IHistoryGrain>();
        history.Search(Arg.Any<HistoryFilter>(), Arg.Any<long?>(), Arg.Any<int>()).Returns(_ => ValueTask.FromResult(new HistoryPage([], null)));
        history.Erase(Arg.Any<string>()).Returns(_ => ValueTask.FromResult(new HistoryErasure(0, HasMore: false)));
        return history;
    }

    /// <summary>Workspaces <c>acme</c> and <c>beta</c>, 5 s of notice; with the admin key, if any, sent by <see cref="Http"/>.</summary>
    public static async Task<Host> StartAsync(string? adminKey = null, TimeProvider? time = null, Func<ClockBounds>? leaseClock = null, params (string Key, string Value)[] more)
    {
        var settings = Assert.IsType<SettingsResult.Valid>(DispatcherSettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Dispatcher:Admin:ApiKey"] = adminKey,
            ["Dispatcher:Admin:Url"] = "http://127.0.0.1:0",
            ["Dispatcher:Shutdown:Notice"] = "5s",
            ["Dispatcher:Workspaces:beta:SiteId"] = "b",
            ["Dispatcher:Workspaces:beta:ApiKey"] = "k",
            ["Dispatcher:Workspaces:acme:SiteId"] = "a",
            ["Dispatcher:Workspaces:acme:ApiKey"] = "k",
        }).AddInMemoryCollection(more.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build())).Settings;
        var grains = Substitute.For<IGrainFactory>();
        var history = NoHistory();
        grains.GetGrain<IHistoryGrain>("acme").Returns(history);
        var clock = Substitute.For<ILeaseClock>();
        clock.ReadAsync().Returns(_ => new ValueTask<ClockBounds>(leaseClock?.Invoke() ?? ClockBounds.Exactly(LeaseTime)));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddDispatcherObservability(settings.Logging);
        builder.Services.AddSingleton(time ?? TimeProvider.System).AddSingleton(grains).AddSingleton(clock).AddSingleton<RefusalMetrics>().AddAdmin(settings).AddAdminConsole(settings).AddAdminListener(settings.Admin).AddHealth(settings.Shutdown);
        var app = builder.Build();
        app.MapHealth();
        app.MapAdminElsewhere(settings.Admin);
        await app.StartAsync();
        var host = new Host(app, grains);
        if (adminKey is not null)
        {
            host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
        }

        return host;
    }

    /// <summary>Sends a request and returns status and body. The answer must be as the admin document describes it.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        AdminDescription.Check(method, path, response.StatusCode, answer);
        return (response.StatusCode, answer);
    }

    /// <summary>As on SIGTERM.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
