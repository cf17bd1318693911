using CioOrleans.Grains.History;

namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Makes room for coming rows of the history and deletes old ones, a slice at a time. On every silo: where several do it, the later ones find nothing to do.
/// Rests between slices, so that no accept waits for long.
/// </summary>
internal sealed partial class HistoryKeeper(IHistoryStore store, HistorySettings settings, TimeProvider time, ILogger<HistoryKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _betweenSlices = TimeSpan.FromMilliseconds(100);

    private long _dropped;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await TrimAsync() ? _betweenSlices : _every, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task<bool> TrimAsync()
    {
        if (store.DroppedRows is var dropped && dropped > _dropped)
        {
            LogDropped(logger, dropped - _dropped);
            _dropped = dropped;
        }

        try
        {
            return await store.TrimHistoryAsync(time.GetUtcNow(), settings.Keep, settings.MaxSize);
        }
        catch (Exception exception)
        {
            LogNotTrimmed(logger, exception.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Rows} rows of the history could not be kept; calls are delivered as before.")]
    private static partial void LogDropped(ILogger logger, long rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old rows of the history were not deleted ({Reason}); it is tried again in half a minute.")]
    private static partial void LogNotTrimmed(ILogger logger, string reason);
}
