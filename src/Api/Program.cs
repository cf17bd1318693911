using CioOrleans.Api.Demo;
using CioOrleans.Api.Track;
using CioOrleans.Configuration;
using CioOrleans.Silo.Hosting;

var builder = WebApplication.CreateBuilder(args);
if (DispatcherSettingsReader.Read(builder.Configuration) is not SettingsResult.Valid { Settings: var settings } result)
{
    return 2;
}

builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
if (settings.Sandbox.Enabled)
{
    builder.Services.AddHostedService(provider => new DemoSandbox(settings.Sandbox, provider.GetRequiredService<ILoggerFactory>()));
}

builder.AddDispatcherSilo(settings);
builder.Services.AddSingleton<IReadOnlyList<WorkspaceSettings>>([.. settings.Workspaces.Values]);
builder.Services.AddTrackApi();

var app = builder.Build();
app.MapTrackApi();
await app.StartAsync();
if (settings.IsDemo)
{
    Console.WriteLine(DemoGuide.Write(app.Urls.First(), settings));
}

await app.WaitForShutdownAsync();
return 0;
