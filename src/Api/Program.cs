using CioOrleans.Api;
using CioOrleans.Api.Admin;
using CioOrleans.Api.Demo;
using CioOrleans.Api.Track;
using CioOrleans.Configuration;
using CioOrleans.Health;
using CioOrleans.Observability;
using CioOrleans.Outbox.Sqlite;
using CioOrleans.Silo.Hosting;

var builder = WebApplication.CreateBuilder(args);
var result = DispatcherSettingsReader.Read(builder.Configuration);
if (result is SettingsResult.Invalid invalid)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, invalid.Errors));
    return ExitCodes.WrongSettings;
}

var settings = ((SettingsResult.Valid)result).Settings;
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = null;
});
if (settings.Sandbox.Enabled)
{
    builder.Services.AddHostedService(provider => new DemoSandbox(settings.Sandbox, provider.GetRequiredService<ILoggerFactory>()));
}

builder.AddDispatcherSilo(settings);
builder.Services.AddSingleton<IReadOnlyList<WorkspaceSettings>>([.. settings.Workspaces.Values]);
builder.Services.AddTrackApi(settings.Api);
builder.Services.AddAdmin(settings);

var app = builder.Build();
app.MapTrackApi();
app.MapAdmin();
app.MapHealth();
app.MapMetrics();
try
{
    await app.StartAsync();
}
catch (Exception exception) when (exception is OutboxFileException or IOException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.CannotStart;
}

if (settings.IsDemo)
{
    Console.WriteLine(DemoGuide.Write(app.Urls.First(), settings));
}

await app.WaitForShutdownAsync();
return ExitCodes.Stopped;
