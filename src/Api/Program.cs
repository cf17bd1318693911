using CioOrleans.Api.Admin;
using CioOrleans.Api.Demo;
using CioOrleans.Api.Track;
using CioOrleans.Configuration;
using CioOrleans.Health;
using CioOrleans.Observability;
using CioOrleans.Silo.Hosting;

var builder = WebApplication.CreateBuilder(args);
if (ProcessStart.ReadSettings(builder.Configuration) is not { } settings)
{
    return ProcessStart.WrongSettings;
}

if (settings.Cluster.Mode == ClusterMode.Silo)
{
    await Console.Error.WriteLineAsync("Dispatcher:Cluster:Mode = 'Silo': expected Embedded or Client. A silo without a front-end is run by src/Silo.");
    return ProcessStart.WrongSettings;
}

builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;

    // The front-end has its own maximum, and says so in Customer.io's shape.
    kestrel.Limits.MaxRequestBodySize = null;
});
if (settings.Sandbox.Enabled)
{
    builder.Services.AddHostedService(provider => new DemoSandbox(settings.Sandbox, provider.GetRequiredService<ILoggerFactory>()));
}

builder.AddDispatcher(settings);
builder.Services.AddSingleton<IReadOnlyList<WorkspaceSettings>>([.. settings.Workspaces.Values]);
builder.Services.AddTrackApi(settings.Api);
builder.Services.AddAdmin(settings);

var app = builder.Build();
app.MapTrackApi();
app.MapAdmin();
app.MapHealth();
app.MapMetrics();
return await ProcessStart.RunAsync(app, () =>
{
    if (settings.IsDemo)
    {
        Console.WriteLine(DemoGuide.Write(app.Urls.First(), settings));
    }
});
