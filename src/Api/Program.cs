using CioOrleans.Api;
using CioOrleans.Api.Demo;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Hosting;

if (args is ["settings"])
{
    Console.Write(SettingsDocument.Write());
    return ProcessStart.Stopped;
}

var builder = ProcessStart.CreateBuilder(args);
if (ProcessStart.ReadSettings(builder.Configuration) is not { } settings)
{
    return ProcessStart.WrongSettings;
}

if (settings.Cluster.Mode == ClusterMode.Silo)
{
    await Console.Error.WriteLineAsync("Dispatcher:Cluster:Mode = 'Silo': expected Embedded or Client. A silo without a front-end is run by src/Silo.");
    return ProcessStart.WrongSettings;
}

// A SQLite outbox that an earlier version made never shrinks its file until it is rebuilt once.
if (args is ["rebuild", ..] && settings.Storage.Provider == StorageProvider.Sqlite)
{
    return ProcessStart.Rebuild(settings.Storage.ConnectionString);
}

var app = DispatcherApp.Build(builder, settings);
return await ProcessStart.RunAsync(app, () =>
{
    if (settings.IsDemo)
    {
        Console.WriteLine(DemoGuide.Write(app.Urls.First(), app.Services.AdminAddress()!, settings));
    }
});
