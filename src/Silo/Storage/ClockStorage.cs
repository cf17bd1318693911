using CioOrleans.Postgres.Leasing;
using Npgsql;

namespace CioOrleans.Silo.Storage;

/// <summary>The database clock, by which permits end, for a front-end without a silo. Opening waits for the database, as the client waits for silos.</summary>
internal sealed partial class ClockStorage(PostgresLeaseStore leases, TimeProvider time, ILogger<ClockStorage> logger) : IStorage
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    public async Task OpenAsync(CancellationToken cancellation)
    {
        while (!await TryOpenAsync(cancellation))
        {
            await Task.Delay(_pause, time, cancellation);
        }
    }

    public async Task CloseAsync() => await leases.DisposeAsync();

    private async Task<bool> TryOpenAsync(CancellationToken cancellation)
    {
        try
        {
            await leases.StartAsync(cancellation);
            return true;
        }
        catch (IOException exception) when (exception.InnerException is NpgsqlException { IsTransient: true })
        {
            LogNoDatabase(logger, exception.Message);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The database cannot be reached yet ({Reason}); trying again in a second.")]
    private static partial void LogNoDatabase(ILogger logger, string reason);
}
