using CioOrleans.Postgres.Outbox;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Health;
using CioOrleans.Silo.Hosting;

var builder = ProcessStart.CreateBuilder(args);
if (ProcessStart.ReadSettings(builder.Configuration) is not { } settings)
{
    return ProcessStart.WrongSettings;
}

// The settings allow the mode Silo only with PostgreSQL.
if (settings.Cluster.Mode != ClusterMode.Silo)
{
    await Console.Error.WriteLineAsync(
        $"Dispatcher:Cluster:Mode = '{settings.Cluster.Mode}': expected Silo, with Dispatcher:Storage:Provider = Postgres. A front-end, with a silo inside or without, is run by src/Api.");
    return ProcessStart.WrongSettings;
}

// Migrates the schema as a separate step, which may have other database rights than the silos.
if (args is ["migrate", ..])
{
    try
    {
        PostgresMigrations.Run(settings.Storage.ConnectionString);
        Console.WriteLine($"The database has schema version {PostgresMigrations.Newest}.");
        return ProcessStart.Stopped;
    }
    catch (OutboxDatabaseException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return ProcessStart.CannotStart;
    }
}

builder.AddDispatcherSilo(settings);
builder.Services.AddAdminListener(settings.Admin);
var app = builder.Build();
app.MapHealth();
app.MapAdminElsewhere(settings.Admin);
return await ProcessStart.RunAsync(app);
