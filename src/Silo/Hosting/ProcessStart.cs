using CioOrleans.Postgres.Outbox;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using CioOrleans.Sqlite.Outbox;

namespace CioOrleans.Silo.Hosting;

/// <summary>The start and the exit codes of the processes of src/Silo and src/Api.</summary>
public static class ProcessStart
{
    /// <summary>The process was stopped.</summary>
    public const int Stopped = 0;

    /// <summary>A file, a database or a port is in use or cannot be used.</summary>
    public const int CannotStart = 1;

    /// <summary>A setting is wrong. Each wrong setting has a line on standard error.</summary>
    public const int WrongSettings = 2;

    /// <summary>.NET's own variable, read by <see cref="Microsoft.Extensions.FileProviders.PhysicalFileProvider"/>.</summary>
    private const string PollingWatcher = "DOTNET_USE_POLLING_FILE_WATCHER";

    private const string SecretsKey = $"Dispatcher:{SecretsFolder.Setting}";

    /// <summary>Makes the builder of a process.</summary>
    /// <param name="args">The command line.</param>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        // Configuration files are watched by their times, every few seconds. Watching their folder would tell the process of each of its own writes to a
        // database below that folder.
        if (Environment.GetEnvironmentVariable(PollingWatcher) is null)
        {
            Environment.SetEnvironmentVariable(PollingWatcher, "true");
        }

        return WebApplication.CreateBuilder(args);
    }

    /// <summary>Reads the settings, and the files of <c>SecretsFolder</c> as settings. If one is wrong: null, and the errors on standard error.</summary>
    public static DispatcherSettings? ReadSettings(IConfiguration configuration)
    {
        if (configuration[SecretsKey] is { Length: > 0 } folder && SecretsFolder.AddTo(configuration as IConfigurationBuilder, folder, SecretsKey) is { } error)
        {
            Console.Error.WriteLine(error);
            return null;
        }

        switch (DispatcherSettingsReader.Read(configuration))
        {
            case SettingsResult.Valid valid:
                return valid.Settings;

            case SettingsResult.Invalid invalid:
                Console.Error.WriteLine(string.Join(Environment.NewLine, invalid.Errors));
                return null;

            default:
                return null;
        }
    }

    /// <summary>Rebuilds an outbox file that no process uses. Returns the exit code.</summary>
    public static int Rebuild(string connectionString)
    {
        try
        {
            var (before, after) = SqliteOutbox.Rebuild(connectionString);
            Console.WriteLine($"The outbox was rebuilt: {before} bytes before, {after} after.");
            return Stopped;
        }
        catch (OutboxFileException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return CannotStart;
        }
    }

    /// <summary>Runs until the process is stopped. Returns the exit code; an error that an operator can fix is one line on standard error.</summary>
    /// <param name="app">The process.</param>
    /// <param name="onStarted">Called once the process serves requests.</param>
    public static async Task<int> RunAsync(WebApplication app, Action? onStarted = null)
    {
        try
        {
            if (app.Services.GetService<AdminListener>() is { } admin)
            {
                await admin.BindAsync();
            }

            await app.StartAsync();
        }
        catch (Exception exception) when (exception is OutboxFileException or OutboxDatabaseException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return CannotStart;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped before it had started.
            return Stopped;
        }

        onStarted?.Invoke();
        await app.WaitForShutdownAsync();
        return Stopped;
    }
}
